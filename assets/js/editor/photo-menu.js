/** The bar over the picture: its name, what it is, downloads, and sharing, moving or deleting it. */
import { destroy, getAll, patch } from "../api.js";
import { askChoice, askConfirm, askText, closable } from "../dialog.js";
import { byId, el } from "../dom.js";
import { moment, sentences, size } from "../format.js";
import { mountShareLinks } from "../share-links.js";
import { toast, toastError } from "../toast.js";

/** @typedef {import("./types.js").Photo} Photo */

const FORMATS = { jpeg: "JPEG", png: "PNG", webp: "WebP", tiff: "TIFF" };
const TITLE_LENGTH = 200;
const NAMES = { WEBP: "WebP", HEIF: "HEIC" };
// The API doesn't say which formats can be written; these can't.
const ONLY_READ = ["HEIF", "GIF"];

/** @param {Photo} photo */
function downloads(photo) {
  const link = (format, name, about) => el("a", { href: `${photo.current.download}?format=${format}`, download: "" }, name, about && el("small", {}, about));
  const others = Object.entries(FORMATS).filter(([, name]) => name.toUpperCase() !== photo.format);
  const list = [
    !ONLY_READ.includes(photo.format) && link("original", NAMES[photo.format] || photo.format, "The original's format"),
    ...others.map(([format, name]) => link(format, name, format === "png" || format === "tiff" ? "Lossless" : "")),
    el("a", { href: photo.original, download: "" }, "The uploaded file", el("small", {}, "Untouched, byte for byte")),
  ];
  return list.filter(Boolean);
}

/** @param {Photo} photo */
function facts(photo) {
  return [
    `Uploaded ${moment(photo.created_at)} as ${photo.filename}`,
    photo.credit && `Credit: ${photo.credit}`,
    ...photo.notes,
  ].filter(Boolean);
}

/** What the file held that the photo does not: told until the first edit, and kept with its facts. */
function showNotes({ notes, current, original_revision: original }) {
  byId("photo-notes").textContent = sentences(notes);
  byId("photo-notes").hidden = !notes.length || current.id !== original.id;
}

/** @param {import("./types.js").Store} store @param {string} path */
function verbs(store, path) {
  const change = async (json) => store.set({ photo: await patch(path, json) });
  const showLinks = mountShareLinks(() => ({ album: store.get().photo.album, photo: store.get().photo.id }));
  return {
    async "photo-share"() {
      byId("share-dialog").showModal();
      await showLinks();
    },
    async "photo-rename"() {
      const title = await askText({ title: "Rename photo", label: "Title", action: "Rename", value: store.get().photo.title, maxLength: TITLE_LENGTH });
      if (title) await change({ title });
    },
    async "photo-move"() {
      const albums = (await getAll("albums/")).filter((album) => album.role !== "viewer");
      const options = albums.map((album) => ({ value: album.id, text: album.name }));
      const album = await askChoice({ title: "Move to another album", label: "Album", action: "Move", value: store.get().photo.album, options });
      if (!album || album === store.get().photo.album) return;
      await change({ album });
      toast("The photo has moved.");
    },
    async "photo-delete"() {
      const text = "The photo, its original and all its steps are deleted. This can't be undone.";
      if (!(await askConfirm({ title: "Delete this photo?", text, action: "Delete photo" }))) return;
      await destroy(path);
      location.assign("/photos/");
    },
  };
}

/**
 * @param {import("./types.js").Store} store
 * @param {string} path of the photo in the API
 */
export function mountPhotoMenu(store, path) {
  closable(byId("share-dialog"));
  for (const [id, verb] of Object.entries(verbs(store, path))) {
    byId(id).addEventListener("click", () => verb().catch(toastError));
  }
  store.on(["photo"], ({ photo }) => {
    if (!photo) return;
    const title = photo.title || photo.filename;
    document.title = `${title} · Vanish`;
    byId("photo-title").textContent = title;
    byId("photo-about").textContent = `${photo.width} × ${photo.height} · ${NAMES[photo.format] || photo.format} · ${size(photo.bytes)}`;
    byId("download-list").replaceChildren(...downloads(photo));
    byId("about-list").replaceChildren(...facts(photo).map((fact) => el("li", {}, fact)));
    byId("about-part").hidden = false;
    showNotes(photo);
    byId("viewer-note").hidden = photo.can_edit;
    for (const part of document.querySelectorAll("[data-editing]")) part.hidden = !photo.can_edit;
    byId("photo-move").hidden = byId("photo-share").hidden = photo.role !== "owner";
  });
}
