/** The bar over the picture: title, facts, downloads, and sharing, moving or deleting the photo. */
import { destroy, getAll, patch } from "../api.js";
import { askChoice, askConfirm, askText, makeClosable } from "../dialog.js";
import { createElement, getElement } from "../dom.js";
import { formatBytes, formatMoment, joinSentences } from "../format.js";
import { mountShareLinks } from "../share-links.js";
import { showError, showToast } from "../toast.js";

/** @import { Album, Photo } from "../api-types.js" */
/** @import { Store } from "./types.js" */

const TITLE_LENGTH = 200;
/** The formats that every photo can be downloaded in. */
const FORMATS = { jpeg: "JPEG", png: "PNG", webp: "WebP", tiff: "TIFF" };
const LOSSLESS = ["png", "tiff"];
/** @type {Record<string, string>} */
const FORMAT_NAMES = { WEBP: "WebP", HEIF: "HEIC" };
/** The API does not list the formats that can be written; these can only be read. */
const READ_ONLY = ["HEIF", "GIF"];
/** Formats without a place for metadata. */
const WITHOUT_METADATA = ["BMP"];

/** @param {Photo} photo */
const getFormatName = ({ format }) => FORMAT_NAMES[format] || format;

/**
 * @param {string} href
 * @param {string} name
 * @param {string} note
 */
function createDownload(href, name, note) {
  return createElement("a", { href, download: "" }, name, note && createElement("small", {}, note));
}

/** @param {Photo} photo */
const isEdited = ({ current, original_revision: original }) => current.id !== original.id;

/**
 * @param {Photo} photo
 * @param {boolean} statesEdit whether the files say that the photo was edited
 */
function createDownloads(photo, statesEdit) {
  /** @param {string} format */
  const buildUrl = (format) => {
    const canState = format !== "original" || !WITHOUT_METADATA.includes(photo.format);
    const option = statesEdit && canState ? "&digital_source_type=true" : "";
    return `${photo.current.download}?format=${format}${option}`;
  };
  const downloads = Object.entries(FORMATS)
    .filter(([, name]) => name.toUpperCase() !== photo.format)
    .map(([format, name]) =>
      createDownload(buildUrl(format), name, LOSSLESS.includes(format) ? "Lossless" : ""),
    );
  downloads.push(createDownload(photo.original, "The uploaded file", "Untouched, byte for byte"));
  if (!READ_ONLY.includes(photo.format)) {
    downloads.unshift(
      createDownload(buildUrl("original"), getFormatName(photo), "The original's format"),
    );
  }
  return downloads;
}

/**
 * @param {Photo} photo
 * @returns {string[]}
 */
function listFacts(photo) {
  const uploaded = `Uploaded ${formatMoment(photo.created_at)} as ${photo.filename}`;
  return [
    uploaded,
    ...(photo.credit ? [`Credit: ${photo.credit}`] : []),
    ...photo.notes.filter(Boolean),
  ];
}

/**
 * Show which parts of the file the photo left out, until the first edit. The facts list them always.
 * @param {Photo} photo
 */
function showNotes(photo) {
  getElement("photo-notes").textContent = joinSentences(photo.notes);
  getElement("photo-notes").hidden = !photo.notes.length || isEdited(photo);
}

/** @param {Photo} photo */
function showDownloads(photo) {
  getElement("states-edit-field").hidden = !isEdited(photo);
  const statesEdit = isEdited(photo) && getElement("states-edit", HTMLInputElement).checked;
  getElement("download-list").replaceChildren(...createDownloads(photo, statesEdit));
}

/**
 * Create the actions of the menu, by the ids of their buttons.
 * @param {Store} store
 * @param {string} path of the photo in the API
 * @returns {Record<string, () => Promise<void>>}
 */
function createActions(store, path) {
  const getPhoto = () => /** @type {Photo} */ (store.get().photo);
  /** @param {{title: string} | {album: string}} json */
  const change = async (json) => store.set({ photo: await patch(path, json) });
  const showLinks = mountShareLinks(() => ({ album: getPhoto().album, photo: getPhoto().id }));
  return {
    async "photo-share"() {
      getElement("share-dialog", HTMLDialogElement).showModal();
      await showLinks();
    },
    async "photo-rename"() {
      const value = getPhoto().title;
      const title = await askText({
        title: "Rename photo",
        label: "Title",
        action: "Rename",
        value,
        maxLength: TITLE_LENGTH,
      });
      if (title) await change({ title });
    },
    async "photo-move"() {
      /** @type {Album[]} */
      const albums = await getAll("albums/");
      const options = albums
        .filter(({ role }) => role !== "viewer")
        .map(({ id, name }) => ({ value: id, text: name }));
      const value = getPhoto().album;
      const album = await askChoice({
        title: "Move to another album",
        label: "Album",
        action: "Move",
        value,
        options,
      });
      if (!album || album === getPhoto().album) return;
      await change({ album });
      showToast("The photo has moved.");
    },
    async "photo-delete"() {
      const text = "The photo, its original and all its steps are deleted. This can't be undone.";
      if (!(await askConfirm({ title: "Delete this photo?", text, action: "Delete photo" })))
        return;
      await destroy(path);
      location.assign("/photos/");
    },
  };
}

/** @param {Photo} photo */
function showPhoto(photo) {
  const title = photo.title || photo.filename;
  const about = [
    `${photo.width} × ${photo.height}`,
    getFormatName(photo),
    formatBytes(photo.bytes),
  ];
  document.title = `${title} · Vanish`;
  getElement("photo-title").textContent = title;
  getElement("photo-about").textContent = about.join(" · ");
  showDownloads(photo);
  getElement("about-list").replaceChildren(
    ...listFacts(photo).map((fact) => createElement("li", {}, fact)),
  );
  getElement("about-part").hidden = false;
  showNotes(photo);
  getElement("viewer-note").hidden = photo.can_edit;
  for (const part of document.querySelectorAll("[data-editing]"))
    part.toggleAttribute("hidden", !photo.can_edit);
  for (const id of ["photo-move", "photo-share"]) getElement(id).hidden = photo.role !== "owner";
}

/**
 * @param {Store} store
 * @param {string} path of the photo in the API
 */
export function mountPhotoMenu(store, path) {
  makeClosable(getElement("share-dialog", HTMLDialogElement));
  for (const [id, run] of Object.entries(createActions(store, path))) {
    getElement(id).addEventListener("click", () => run().catch(showError));
  }
  store.on(["photo"], ({ photo }) => {
    if (photo) showPhoto(photo);
  });
  getElement("states-edit").addEventListener("change", () => {
    const { photo } = store.get();
    if (photo) showDownloads(photo);
  });
}
