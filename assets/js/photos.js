/** The page of all photos. */
import { mountAlbums } from "./albums.js";
import { Gallery } from "./gallery.js";
import { mountPhotoTools } from "./photo-tools.js";

const gallery = new Gallery();
mountPhotoTools({ addPhoto: (photo) => gallery.add(photo) });
gallery.load();
mountAlbums();
