/** The API's reference: Swagger UI over our own schema. */

import { csrfToken } from "./api.js";

const holder = document.getElementById("reference");
const isDark = matchMedia("(prefers-color-scheme: dark)");

function followTheme() {
  document.documentElement.classList.toggle("dark-mode", isDark.matches);
}

/**
 * Calls in the session need its CSRF token; those with a token of their own do not.
 * @param {{url: string, headers: Record<string, string>}} request
 */
function withCsrfToken(request) {
  const isOurs = new URL(request.url, location.href).origin === location.origin;
  if (isOurs) request.headers["X-CSRFToken"] = csrfToken();
  return request;
}

if (holder) {
  isDark.addEventListener("change", followTheme);
  followTheme();
  window.SwaggerUIBundle({
    domNode: holder,
    url: holder.dataset.schema,
    deepLinking: true,
    docExpansion: "list",
    defaultModelsExpandDepth: 0,
    filter: true,
    requestInterceptor: withCsrfToken,
    validatorUrl: null,
  });
}
