/** Import a picture by its address on the web. */
import { post } from "./api.js";
import { closable } from "./dialog.js";
import { byId } from "./dom.js";

/**
 * @param {{album?: string, onPhoto: (photo: any) => void}} options
 */
export function mountImport({ album, onPhoto }) {
  const dialog = byId("import-dialog");
  const form = byId("import-form");
  const input = byId("import-url");
  const error = byId("import-error");
  const button = form.querySelector('[type="submit"]');

  const fail = (message) => {
    error.textContent = message;
    input.setAttribute("aria-invalid", String(Boolean(message)));
  };
  const busy = (on) => {
    button.disabled = on;
    button.textContent = on ? "Importing…" : "Import";
  };

  closable(dialog);
  byId("open-import").addEventListener("click", () => {
    form.reset();
    fail("");
    dialog.showModal();
  });
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    fail("");
    if (!input.validity.valid) return fail("Type a whole address, starting with https:// or http://");
    busy(true);
    try {
      const photo = await post("photos/", album ? { url: input.value, album } : { url: input.value });
      dialog.close();
      onPhoto(photo);
    } catch (problem) {
      fail(problem.message);
    } finally {
      busy(false);
    }
  });
}
