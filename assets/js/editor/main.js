/** The editor: creates its parts and connects them. */
import { getMessage, readPageConfig } from "../api.js";
import { getElement } from "../dom.js";
import { Brush } from "./brush.js";
import { mountBrushTools } from "./brush-tools.js";
import { createData, createPolling } from "./data.js";
import { mountEdits } from "./edits.js";
import { mountEngines } from "./engines.js";
import { mountForewarnings } from "./forewarnings.js";
import { Gestures } from "./gestures.js";
import { mountHistory } from "./history.js";
import { mountModes } from "./modes.js";
import { mountObjects } from "./objects.js";
import { mountOverlay } from "./overlay.js";
import { mountPhotoMenu } from "./photo-menu.js";
import { mountRemove } from "./remove.js";
import { Stage } from "./stage.js";
import { createStore } from "./store.js";

const store = createStore();
const data = createData(store, readPageConfig().photo_id);
const { wake } = createPolling(store, data);
const stage = new Stage(store);

mountPhotoMenu(store, data.path);
mountModes(store);
new Gestures(store, stage, new Brush(store, stage));
mountBrushTools(store);
mountOverlay(store, stage.element);
mountObjects(store, data, wake);
mountRemove(store, data, wake);
mountForewarnings(store, data.path);
mountEdits(store, data, wake);
mountHistory(store, data, wake);
mountEngines(store);

try {
  await data.loadAll();
  wake();
} catch (error) {
  getElement("stage-state").textContent = `The photo could not be loaded. ${getMessage(error)}`;
}
