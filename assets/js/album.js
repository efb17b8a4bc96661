/** The page of one album. */
import { ALBUM_NAME_LENGTH } from "./albums.js";
import { destroy, get, patch } from "./api.js";
import { askConfirm, askText } from "./dialog.js";
import { getElement } from "./dom.js";
import { Gallery } from "./gallery.js";
import { mountMembers } from "./members.js";
import { mountPhotoTools } from "./photo-tools.js";
import { showError } from "./toast.js";

/** @import { Album } from "./api-types.js" */

const id = getElement("album").dataset.album || "";
const title = getElement("album-name");
const ABOUT = {
  owner: "You own this album.",
  editor: "You may edit the photos in this album.",
  viewer: "You may look at the photos in this album and download them.",
};

async function renameAlbum() {
  const value = title.textContent || "";
  const name = await askText({
    title: "Rename album",
    label: "Name",
    action: "Rename",
    value,
    maxLength: ALBUM_NAME_LENGTH,
  });
  if (!name) return;
  title.textContent = (await patch(`albums/${id}/`, { name })).name;
}

async function deleteAlbum() {
  const isConfirmed = await askConfirm({
    title: "Delete this album?",
    text: "The album and every photo in it are deleted, with their history, for all members. This can't be undone.",
    action: "Delete album",
  });
  if (!isConfirmed) return;
  await destroy(`albums/${id}/`);
  location.assign("/photos/");
}

/** @param {Album} album */
function mountAlbumTools(album) {
  const renameButton = getElement("album-rename");
  const deleteButton = getElement("album-delete");
  renameButton.hidden = album.role === "viewer";
  renameButton.addEventListener("click", () => renameAlbum().catch(showError));
  deleteButton.hidden = album.role !== "owner" || album.is_default;
  deleteButton.addEventListener("click", () => deleteAlbum().catch(showError));
}

async function showAlbum() {
  /** @type {Album} */
  const album = await get(`albums/${id}/`);
  title.textContent = album.name;
  getElement("album-about").textContent = ABOUT[album.role] || "";
  mountAlbumTools(album);
  mountMembers(album);
  const gallery = new Gallery({ album: id });
  if (album.role === "viewer") {
    getElement("grid-empty-text").textContent = "Nobody has put photos into this album.";
  } else mountPhotoTools({ album: id, addPhoto: (photo) => gallery.add(photo) });
  await gallery.load();
}

showAlbum().catch(showError);
