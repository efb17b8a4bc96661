/** The row of albums over the grid. */
import { getAll, post } from "./api.js";
import { askText } from "./dialog.js";
import { byId, el } from "./dom.js";
import { toastError } from "./toast.js";

/** Letters that the name of an album may have. */
export const ALBUM_NAME_LENGTH = 120;

/** @param {any} album */
function item(album) {
  const about = album.role === "owner" ? "" : album.role;
  return el("li", {}, el("a", { href: `/albums/${album.id}/` }, album.name, about && el("span", {}, about)));
}

async function create() {
  const name = await askText({ title: "New album", label: "Name", action: "Create", maxLength: ALBUM_NAME_LENGTH });
  if (!name) return;
  try {
    const album = await post("albums/", { name });
    location.assign(`/albums/${album.id}/`);
  } catch (error) {
    toastError(error);
  }
}

/** @returns {Promise<void>} */
export async function mountAlbums() {
  byId("album-create").addEventListener("click", create);
  try {
    byId("album-list").replaceChildren(...(await getAll("albums/")).map(item));
  } catch (error) {
    toastError(error);
  }
}
