/** The landing page. */
import { mountCompare } from "./compare.js";

for (const root of document.querySelectorAll("[data-compare]"))
  mountCompare(/** @type {HTMLElement} */ (root));
