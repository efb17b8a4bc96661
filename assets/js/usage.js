/** What the user has used of the quotas, in words. */
import { get } from "./api.js";
import { byId, el } from "./dom.js";
import { moment } from "./format.js";
import { toastError } from "./toast.js";

const NUMBER = new Intl.NumberFormat(undefined, { maximumFractionDigits: 1 });

/**
 * @param {string} what
 * @param {{used: number, quota: number}} usage
 * @param {number} unit
 * @param {string} name of the unit
 */
const line = (what, { used, quota }, unit, name) => el("li", {}, `${what}: ${NUMBER.format(used / unit)} of ${NUMBER.format(quota / unit)} ${name}`);

async function show() {
  const { usage } = await get("me/");
  byId("usage-list").replaceChildren(
    line("Storage", usage.storage_bytes, 2 ** 20, "MB"),
    line(`Edited until ${moment(usage.pixels_today.resets_at)}`, usage.pixels_today, 1e6, "megapixels"),
    line("Waiting or at work", usage.edits_in_flight, 1, "edits"),
  );
}

show().catch(toastError);
