/** A writer of grey PNG files, row by row (PNG specification, W3C, third edition). */

const SIGNATURE = new Uint8Array([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const GREY = 0;
const EIGHT_BITS = 8;

const CRC_TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) {
    value = value & 1 ? 0xedb88320 ^ (value >>> 1) : value >>> 1;
  }
  return value;
});

/** @param {Uint8Array} bytes */
function computeCrc32(bytes) {
  let value = 0xffffffff;
  for (const byte of bytes) value = CRC_TABLE[(value ^ byte) & 0xff] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}

/**
 * @param {string} type four letters
 * @param {Uint8Array} data
 */
function buildChunk(type, data) {
  const bytes = new Uint8Array(12 + data.length);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, data.length);
  bytes.set(new TextEncoder().encode(type), 4);
  bytes.set(data, 8);
  view.setUint32(8 + data.length, computeCrc32(bytes.subarray(4, 8 + data.length)));
  return bytes;
}

/**
 * @param {number} width
 * @param {number} height
 */
function buildHeader(width, height) {
  const data = new Uint8Array(13);
  const view = new DataView(data.buffer);
  view.setUint32(0, width);
  view.setUint32(4, height);
  data.set([EIGHT_BITS, GREY, 0, 0, 0], 8);
  return buildChunk("IHDR", data);
}

/** Compresses rows as they come, so that a large picture is never in memory uncompressed. */
export class GreyPngWriter {
  #header;
  #compressed;
  #writer;

  /**
   * @param {number} width
   * @param {number} height
   */
  constructor(width, height) {
    const { readable, writable } = new CompressionStream("deflate");
    this.#header = buildHeader(width, height);
    this.#compressed = new Response(readable).arrayBuffer();
    this.#writer = writable.getWriter();
  }

  /**
   * Add rows of 8-bit grey pixels.
   * @param {Uint8Array<ArrayBuffer>} rows each row is a 0 (PNG's filter "none") and its pixels
   */
  async write(rows) {
    await this.#writer.write(rows);
  }

  /**
   * Return the file. No row can be added afterwards.
   * @returns {Promise<Blob>} of type image/png
   */
  async finish() {
    await this.#writer.close();
    const data = buildChunk("IDAT", new Uint8Array(await this.#compressed));
    const end = buildChunk("IEND", new Uint8Array());
    return new Blob([SIGNATURE, this.#header, data, end], { type: "image/png" });
  }
}
