/** The API's reference: Swagger UI with our own schema. */

import { readCsrfToken } from "./api.js";

const element = document.getElementById("reference");
const darkScheme = matchMedia("(prefers-color-scheme: dark)");

function applyTheme() {
  document.documentElement.classList.toggle("dark-mode", darkScheme.matches);
}

/**
 * Add the CSRF token, which calls with the session need. Calls with an API token ignore it.
 * @param {{url: string, headers: Record<string, string>}} request
 */
function addCsrfToken(request) {
  const isOurs = new URL(request.url, location.href).origin === location.origin;
  if (isOurs) request.headers["X-CSRFToken"] = readCsrfToken();
  return request;
}

if (element) {
  darkScheme.addEventListener("change", applyTheme);
  applyTheme();
  // Swagger UI's script sets it; it has no types here.
  /** @type {any} */ (window).SwaggerUIBundle({
    domNode: element,
    url: element.dataset.schema,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    filter: true,
    requestInterceptor: addCsrfToken,
    validatorUrl: null,
  });
}
