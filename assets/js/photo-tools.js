/** Everything that brings photos into the page's grid: uploads, links, examples. */
import { byId } from "./dom.js";
import { mountExamples } from "./examples.js";
import { mountImport } from "./import-url.js";
import { plural } from "./format.js";
import { toast } from "./toast.js";
import { listenForFiles, Uploads } from "./upload.js";

const open = (photo) => location.assign(`/photos/${photo.id}/`);

/**
 * @param {{album?: string, add: (photo: any) => void}} options where the photos go, and what shows them
 */
export function mountPhotoTools({ album, add }) {
  const uploads = new Uploads({
    album,
    onPhoto: add,
    onAllDone(photos, failures) {
      if (photos.length === 1 && failures === 0) open(photos[0]);
      else if (photos.length) toast(`${plural(photos.length, "photo")} uploaded.${failures ? ` ${failures} could not be taken: see above.` : ""}`);
    },
  });
  listenForFiles((files) => uploads.take(files));
  mountImport({ album, onPhoto: open });
  mountExamples({ album, onPhoto: open });
  byId("photo-tools").hidden = false;
}
