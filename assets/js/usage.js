/** How much of the quotas the user has used, in words. */
import { get } from "./api.js";
import { createElement, getElement } from "./dom.js";
import { formatMoment } from "./format.js";
import { showError } from "./toast.js";

const NUMBER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/**
 * @param {string} name
 * @param {{used: number, quota: number}} usage
 * @param {number} unit
 * @param {string} unitName
 */
function createLine(name, { used, quota }, unit, unitName) {
  const text = `${name}: ${NUMBER.format(used / unit)} of ${NUMBER.format(quota / unit)} ${unitName}`;
  return createElement("li", {}, text);
}

async function showUsage() {
  const { usage } = await get("me/");
  const until = formatMoment(usage.pixels_today.resets_at);
  getElement("usage-list").replaceChildren(
    createLine("Storage", usage.storage_bytes, 2 ** 20, "MB"),
    createLine(`Edited until ${until}`, usage.pixels_today, 1e6, "megapixels"),
    createLine("Waiting or at work", usage.edits_in_flight, 1, "edits"),
  );
}

showUsage().catch(showError);
