/** The page of all photos. */
import { mountAlbums } from "./albums.js";
import { createGallery } from "./gallery.js";
import { mountPhotoTools } from "./photo-tools.js";

const gallery = createGallery();
mountPhotoTools({ add: gallery.add });
gallery.load();
mountAlbums();
