import assert from "node:assert/strict";
import { test } from "node:test";
import { buildBody } from "../../assets/js/upload-part.js";

test("without fields the body is the bytes alone", () => {
  const bytes = new Blob(["abc"]);
  assert.equal(buildBody({ fields: {} }, bytes), bytes);
});

test("the file is the form's last field, as the storage requires", async () => {
  const form = buildBody({ fields: { policy: "p", key: "k" } }, new Blob(["abc"]));
  assert.ok(form instanceof FormData);
  assert.deepEqual([...form.keys()], ["policy", "key", "file"]);
  assert.equal(form.get("key"), "k");
  assert.equal(await /** @type {File} */ (form.get("file")).text(), "abc");
});
