// The interactive page of the programming interface: Swagger UI over our own description, acting with the session.
(() => {
  const place = document.getElementById("api-docs");
  if (!place || !window.SwaggerUIBundle) return;
  const root = document.documentElement;
  const follow = () => root.classList.toggle("dark-mode", root.dataset.bsTheme === "dark");
  new MutationObserver(follow).observe(root, { attributes: true, attributeFilter: ["data-bs-theme"] });
  follow();
  window.SwaggerUIBundle({
    url: place.dataset.description,
    domNode: place,
    deepLinking: true,
    docExpansion: "none",
    defaultModelsExpandDepth: 0,
    filter: true,
    validatorUrl: null,
    requestInterceptor: (request) => {
      // A change made with the session must prove that it comes from this page.
      request.headers["X-CSRFToken"] = place.dataset.csrf;
      request.credentials = "same-origin";
      return request;
    },
  });
})();
