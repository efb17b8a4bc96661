/** The dialog that imports a picture by its URL. */
import { getMessage, post } from "./api.js";
import { makeClosable } from "./dialog.js";
import { getElement } from "./dom.js";

/** @import { Photo } from "./api-types.js" */

/** @param {{album?: string, onPhoto: (photo: Photo) => void}} options */
export function mountImport({ album, onPhoto }) {
  const dialog = getElement("import-dialog", HTMLDialogElement);
  const form = getElement("import-form", HTMLFormElement);
  const input = getElement("import-url", HTMLInputElement);
  const error = getElement("import-error");
  const button = /** @type {HTMLButtonElement} */ (form.querySelector('[type="submit"]'));

  /** @param {string} message empty if there is no error */
  const showProblem = (message) => {
    error.textContent = message;
    input.setAttribute("aria-invalid", String(Boolean(message)));
  };
  /** @param {boolean} isBusy */
  const setBusy = (isBusy) => {
    button.disabled = isBusy;
    button.textContent = isBusy ? "Importing…" : "Import";
  };

  makeClosable(dialog);
  getElement("open-import").addEventListener("click", () => {
    form.reset();
    showProblem("");
    dialog.showModal();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    showProblem("");
    if (!input.validity.valid)
      return showProblem("Type a whole address, starting with https:// or http://");
    setBusy(true);
    try {
      const photo = await post(
        "photos/",
        album ? { url: input.value, album } : { url: input.value },
      );
      dialog.close();
      onPhoto(photo);
    } catch (failure) {
      showProblem(getMessage(failure));
    } finally {
      setBusy(false);
    }
  });
}
