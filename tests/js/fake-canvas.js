/** A canvas for tests: it draws round lines and discs, pixel by pixel, without anti-aliasing. */

/** @typedef {[number, number]} Point */

/**
 * Return the distance of a point to a line from `a` to `b`.
 * @param {Point} point @param {Point} a @param {Point} b
 */
function distanceToLine([x, y], [ax, ay], [bx, by]) {
  const length2 = (bx - ax) ** 2 + (by - ay) ** 2;
  const share = length2 ? ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / length2 : 0;
  const t = Math.min(1, Math.max(0, share));
  return Math.hypot(x - ax - t * (bx - ax), y - ay - t * (by - ay));
}

/** The part of CanvasRenderingContext2D that strokes use. */
export class FakeContext {
  /** Names of the calls, in order. @type {string[]} */
  calls = [];
  globalCompositeOperation = "source-over";
  strokeStyle = "";
  fillStyle = "";
  lineWidth = 1;
  lineCap = "butt";
  lineJoin = "miter";
  #alpha;
  #transform = { scale: 1, x: 0, y: 0 };
  /** @type {Point[]} */
  #path = [];
  #radius = 0;

  /** @param {number} width @param {number} height */
  constructor(width, height) {
    this.width = width;
    this.height = height;
    this.#alpha = new Uint8Array(width * height);
  }

  /** @param {number} a @param {number} _b @param {number} _c @param {number} d @param {number} e @param {number} f */
  setTransform(a, _b, _c, d, e, f) {
    if (a !== d) throw new Error("the fake canvas scales both axes alike");
    this.#transform = { scale: a, x: e, y: f };
  }

  beginPath() {
    this.#path = [];
  }

  /** @param {number} x @param {number} y @param {number} radius */
  arc(x, y, radius) {
    this.#path = [[x, y]];
    this.#radius = radius;
  }

  /** @param {number} x @param {number} y */
  moveTo(x, y) {
    this.#path = [[x, y]];
  }

  /** @param {number} x @param {number} y */
  lineTo(x, y) {
    this.#path.push([x, y]);
  }

  fill() {
    this.calls.push("fill");
    this.#draw(this.#path[0], this.#path[0], this.#radius);
  }

  stroke() {
    this.calls.push("stroke");
    const path = this.#path;
    for (let i = 1; i < path.length; i += 1) this.#draw(path[i - 1], path[i], this.lineWidth / 2);
  }

  /** Set each pixel whose centre is nearer to the line than the radius. @param {Point} a @param {Point} b @param {number} radius */
  #draw(a, b, radius) {
    const { scale, x: dx, y: dy } = this.#transform;
    const value = this.globalCompositeOperation === "destination-out" ? 0 : 255;
    const top = Math.max(0, Math.floor((Math.min(a[1], b[1]) - radius) * scale + dy));
    const bottom = Math.min(this.height, Math.ceil((Math.max(a[1], b[1]) + radius) * scale + dy));
    const left = Math.max(0, Math.floor((Math.min(a[0], b[0]) - radius) * scale + dx));
    const right = Math.min(this.width, Math.ceil((Math.max(a[0], b[0]) + radius) * scale + dx));
    for (let y = top; y < bottom; y += 1) {
      for (let x = left; x < right; x += 1) {
        /** @type {Point} */
        const centre = [(x + 0.5 - dx) / scale, (y + 0.5 - dy) / scale];
        if (distanceToLine(centre, a, b) <= radius) this.#alpha[y * this.width + x] = value;
      }
    }
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  clearRect(x, y, width, height) {
    for (let row = y; row < y + height; row += 1) {
      this.#alpha.fill(0, row * this.width + x, row * this.width + x + width);
    }
  }

  /** @param {number} x @param {number} y @param {number} width @param {number} height */
  getImageData(x, y, width, height) {
    const data = new Uint8ClampedArray(4 * width * height);
    for (let row = 0; row < height; row += 1) {
      for (let column = 0; column < width; column += 1) {
        const alpha = this.#alpha[(y + row) * this.width + x + column];
        data[4 * (row * width + column) + 3] = alpha;
      }
    }
    return { data };
  }

  /** @returns {CanvasRenderingContext2D} */
  asContext() {
    return /** @type {any} */ (this);
  }
}

/**
 * Let `document.createElement("canvas")` create fake canvases.
 * @returns {FakeContext[]} the contexts that are created from now on
 */
export function installFakeCanvas() {
  /** @type {FakeContext[]} */
  const contexts = [];
  const createElement = () => ({
    width: 0,
    height: 0,
    getContext() {
      const context = new FakeContext(this.width, this.height);
      contexts.push(context);
      return context;
    },
  });
  Object.assign(globalThis, { document: { createElement } });
  return contexts;
}
