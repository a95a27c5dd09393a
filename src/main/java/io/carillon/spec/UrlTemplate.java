package io.carillon.spec;

/** Where the parts of a URL with placeholders end. Stateless. */
final class UrlTemplate {
  private UrlTemplate() {}

  /** The index of what ends scheme and authority: a slash, a question mark, a hash, or the end. */
  static int endOfAuthority(String url) {
    int scheme = url.indexOf("://");
    for (int i = scheme < 0 ? 0 : scheme + 3; i < url.length(); i++) {
      if ("/?#".indexOf(url.charAt(i)) >= 0) {
        return i;
      }
    }
    return url.length();
  }

  /** The index of the query or fragment, or the end. */
  static int endOfPath(String url, int from) {
    for (int i = from; i < url.length(); i++) {
      if (url.charAt(i) == '?' || url.charAt(i) == '#') {
        return i;
      }
    }
    return url.length();
  }
}
