/** The page of one album. */
import { ALBUM_NAME_LENGTH } from "./albums.js";
import { destroy, get, patch } from "./api.js";
import { askConfirm, askText } from "./dialog.js";
import { byId } from "./dom.js";
import { Gallery } from "./gallery.js";
import { mountMembers } from "./members.js";
import { mountPhotoTools } from "./photo-tools.js";
import { toastError } from "./toast.js";

const id = byId("album").dataset.album;
const ABOUT = {
  owner: "You own this album.",
  editor: "You may edit the photos in this album.",
  viewer: "You may look at the photos in this album and download them.",
};

async function rename() {
  const value = byId("album-name").textContent;
  const name = await askText({ title: "Rename album", label: "Name", action: "Rename", value, maxLength: ALBUM_NAME_LENGTH });
  if (!name) return;
  byId("album-name").textContent = (await patch(`albums/${id}/`, { name })).name;
}

async function destroyAlbum() {
  const agreed = await askConfirm({
    title: "Delete this album?",
    text: "The album and every photo in it are deleted, with their history, for all members. This can't be undone.",
    action: "Delete album",
  });
  if (!agreed) return;
  await destroy(`albums/${id}/`);
  location.assign("/photos/");
}

/** @param {any} album */
function mountAlbumTools(album) {
  byId("album-rename").hidden = album.role === "viewer";
  byId("album-rename").addEventListener("click", () => rename().catch(toastError));
  byId("album-delete").hidden = album.role !== "owner" || album.is_default;
  byId("album-delete").addEventListener("click", () => destroyAlbum().catch(toastError));
}

async function start() {
  const album = await get(`albums/${id}/`);
  byId("album-name").textContent = album.name;
  byId("album-about").textContent = ABOUT[album.role] || "";
  mountAlbumTools(album);
  mountMembers(album);
  const gallery = new Gallery({ album: id });
  if (album.role === "viewer") byId("grid-empty-text").textContent = "Nobody has put photos into this album.";
  else mountPhotoTools({ album: id, add: (photo) => gallery.add(photo) });
  await gallery.load();
}

start().catch(toastError);
