/** The editor: puts its parts together. */
import { pageConfig } from "../api.js";
import { byId } from "../dom.js";
import { mountBrushTools } from "./brush-tools.js";
import { Brush } from "./brush.js";
import { createData, createPolling } from "./data.js";
import { mountEngines } from "./engines.js";
import { mountForewarnings } from "./forewarnings.js";
import { Gestures } from "./gestures.js";
import { mountHistory } from "./history.js";
import { mountJobs } from "./jobs.js";
import { mountModes } from "./modes.js";
import { mountObjects } from "./objects.js";
import { mountOverlay } from "./overlay.js";
import { mountPhotoMenu } from "./photo-menu.js";
import { mountRemove } from "./remove.js";
import { Stage } from "./stage.js";
import { createStore } from "./store.js";

const store = createStore();
const data = createData(store, pageConfig().photo_id);
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
mountJobs(store, data, wake);
mountHistory(store, data);
mountEngines(store);

try {
  await data.loadAll();
  wake();
} catch (error) {
  byId("stage-state").textContent = `The photo could not be loaded. ${error.message}`;
}
