/** The row of albums over the grid. */
import { getAll, post } from "./api.js";
import { askText } from "./dialog.js";
import { createElement, getElement } from "./dom.js";
import { showError } from "./toast.js";

/** @import { Album } from "./api-types.js" */

/** How many characters the name of an album may have. */
export const ALBUM_NAME_LENGTH = 120;

/** @param {Album} album */
function createItem({ id, name, role }) {
  const badge = role !== "owner" && createElement("span", {}, role);
  return createElement("li", {}, createElement("a", { href: `/albums/${id}/` }, name, badge));
}

async function createAlbum() {
  const name = await askText({
    title: "New album",
    label: "Name",
    action: "Create",
    maxLength: ALBUM_NAME_LENGTH,
  });
  if (!name) return;
  try {
    const album = await post("albums/", { name });
    location.assign(`/albums/${album.id}/`);
  } catch (error) {
    showError(error);
  }
}

export async function mountAlbums() {
  getElement("album-create").addEventListener("click", createAlbum);
  try {
    getElement("album-list").replaceChildren(...(await getAll("albums/")).map(createItem));
  } catch (error) {
    showError(error);
  }
}
