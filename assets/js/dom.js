/** Small helpers to build and find elements. Text is always set as text, never as HTML. */

const SPRITE = new URL("../img/icons.svg", import.meta.url).href;
const SVG = "http://www.w3.org/2000/svg";

/**
 * @param {string} id
 * @returns {any} the element; it is an error of ours if it is not there
 */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element #${id}`);
  return found;
}

/**
 * @param {string} tag
 * @param {Record<string, any>} [props] `class`, `on…` listeners, `aria-…`/`data-…` attributes, else properties
 * @param {...(Node | string | null | undefined | false)} children
 * @returns {any}
 */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (value === undefined || value === null) continue;
    if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
    else if (name === "class") node.className = value;
    else if (name.includes("-") || name === "role" || name === "for") node.setAttribute(name, String(value));
    else node[name] = value;
  }
  node.append(...children.filter((child) => child || child === ""));
  return node;
}

/**
 * @param {string} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...Node} children
 * @returns {SVGElement}
 */
export function svg(tag, attributes = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  node.append(...children);
  return node;
}

/**
 * @param {string} name of a symbol in assets/img/icons.svg
 * @returns {SVGElement}
 */
export function icon(name) {
  return svg("svg", { class: "icon", "aria-hidden": "true" }, svg("use", { href: `${SPRITE}#${name}` }));
}

/**
 * @param {string} label for screen readers
 * @returns {{root: HTMLElement, set: (share: number | null) => void}} `null` shows that it waits
 */
export function progressBar(label) {
  const fill = el("span");
  const root = el("div", { class: "progress", role: "progressbar", "aria-label": label, "aria-valuemin": 0, "aria-valuemax": 100 }, fill);
  const set = (share) => {
    root.classList.toggle("progress-waiting", share === null);
    if (share === null) {
      root.removeAttribute("aria-valuenow");
      fill.style.transform = "";
      return;
    }
    root.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    fill.style.transform = `scaleX(${share})`;
  };
  return { root, set };
}

/**
 * Show a picture that the server may still be making: an error is tried again a few times.
 * @param {HTMLImageElement} image
 * @param {string} address
 * @param {number} [tries]
 */
export function showPicture(image, address, tries = 6) {
  image.classList.add("loading");
  image.onload = () => image.classList.remove("loading");
  image.onerror = () => {
    if (tries > 0) setTimeout(() => image.isConnected && showPicture(image, address, tries - 1), 1500);
  };
  image.removeAttribute("src");
  image.src = address;
}

/**
 * @param {string} text
 * @returns {Promise<boolean>} whether the browser has put it on the clipboard
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
