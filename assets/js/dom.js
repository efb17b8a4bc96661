/** Helpers to build and find elements. Text is always set as text, never as HTML. */

const SPRITE = new URL("../img/icons.svg", import.meta.url).href;
const SVG = "http://www.w3.org/2000/svg";

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * Return the element with this id. Throw an `Error` if it is missing or of another kind:
 * the page's template and its script do not match.
 * @template {Element} [T=HTMLElement]
 * @param {string} id
 * @param {new () => T} [kind] such as `HTMLInputElement`
 * @returns {T}
 */
export function getElement(id, kind) {
  const element = document.getElementById(id);
  if (!(element instanceof (kind ?? HTMLElement))) {
    throw new Error(`The page has no ${kind?.name ?? "element"} #${id}`);
  }
  return /** @type {any} */ (element);
}

/**
 * Create an element with properties and children.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, any>} [props] `class`, `on…` listeners, `aria-…` and `data-…` attributes;
 *   any other name is set as a property
 * @param {...Child} children empty values (null, undefined, false) are left out
 * @returns {HTMLElementTagNameMap[K]}
 */
export function createElement(tag, props = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(element, name, value);
  for (const child of children) if (child || child === "") element.append(child);
  return element;
}

/**
 * @param {HTMLElement} element
 * @param {string} name
 * @param {any} value
 */
function setProp(element, name, value) {
  if (value === undefined || value === null) return;
  const isAttribute = name.includes("-") || name === "role" || name === "for";
  if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
  else if (name === "class") element.className = value;
  else if (isAttribute) element.setAttribute(name, String(value));
  else Reflect.set(element, name, value);
}

/**
 * Create an SVG element with attributes and children.
 * @template {keyof SVGElementTagNameMap} K
 * @param {K} tag
 * @param {Record<string, string | number>} [attributes]
 * @param {...Node} children
 * @returns {SVGElementTagNameMap[K]}
 */
export function createSvgElement(tag, attributes = {}, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/**
 * Create an icon that screen readers skip.
 * @param {string} name of a symbol in assets/img/icons.svg
 * @returns {SVGSVGElement}
 */
export function createIcon(name) {
  const use = createSvgElement("use", { href: `${SPRITE}#${name}` });
  return createSvgElement("svg", { class: "icon", "aria-hidden": "true" }, use);
}

/** @typedef {{root: HTMLElement, setShare: (share: number | null) => void}} ProgressBar */

/**
 * Create a progress bar. `setShare` takes 0..1, or null while the share is unknown.
 * @param {string} label for screen readers
 * @returns {ProgressBar}
 */
export function createProgressBar(label) {
  const fill = createElement("span");
  const root = createElement(
    "div",
    {
      class: "progress",
      role: "progressbar",
      "aria-label": label,
      "aria-valuemin": 0,
      "aria-valuemax": 100,
    },
    fill,
  );
  /** @param {number | null} share */
  const setShare = (share) => {
    root.classList.toggle("progress-waiting", share === null);
    if (share === null) {
      root.removeAttribute("aria-valuenow");
      fill.style.transform = "";
      return;
    }
    root.setAttribute("aria-valuenow", String(Math.round(share * 100)));
    fill.style.transform = `scaleX(${share})`;
  };
  return { root, setShare };
}

/**
 * Show a picture that the server may still be rendering: after an error, load it again a few times.
 * @param {HTMLImageElement} image
 * @param {string} url
 * @param {number} [retries]
 */
export function showPicture(image, url, retries = 6) {
  image.classList.add("loading");
  image.onload = () => image.classList.remove("loading");
  image.onerror = () => {
    if (retries > 0)
      setTimeout(() => image.isConnected && showPicture(image, url, retries - 1), 1500);
  };
  image.removeAttribute("src");
  image.src = url;
}

/**
 * Copy a text to the clipboard.
 * @param {string} text
 * @returns {Promise<boolean>} false if the browser did not allow it
 */
export async function copyText(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}
