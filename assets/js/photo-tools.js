/** The tools that add photos to the page's grid: uploads, imports, examples. */
import { getElement } from "./dom.js";
import { mountExamples } from "./examples.js";
import { formatCount } from "./format.js";
import { mountImport } from "./import-url.js";
import { showToast } from "./toast.js";
import { listenForFiles, Uploads } from "./upload.js";

/** @import { Photo } from "./api-types.js" */

/** @param {Photo} photo */
const openPhoto = (photo) => location.assign(`/photos/${photo.id}/`);

/** @param {{album?: string, addPhoto: (photo: Photo) => void}} options `addPhoto` shows a new photo */
export function mountPhotoTools({ album, addPhoto }) {
  const uploads = new Uploads({
    album,
    onPhoto: addPhoto,
    onAllDone(photos, failures) {
      if (photos.length === 1 && failures === 0) openPhoto(photos[0]);
      else if (photos.length) {
        const refusals = failures ? ` ${failures} could not be taken: see above.` : "";
        showToast(`${formatCount(photos.length, "photo")} uploaded.${refusals}`);
      }
    },
  });
  listenForFiles((files) => uploads.add(files));
  mountImport({ album, onPhoto: openPhoto });
  mountExamples({ album, onPhoto: openPhoto });
  getElement("photo-tools").hidden = false;
}
