/* The lecturer's own link, until the browser is closed: a page that is loaded anew finds its class.
   Python cannot set a cookie. */
export default function ({ data }) {
  // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API needs https
  document.cookie = `${data.cookie}=${data.token}; path=/; SameSite=Strict`;
}
