package io.carillon.target;

/** What an address is for. Everything but {@link #PUBLIC} is refused unless a rule lifts it. */
enum AddressKind {
  PUBLIC("a public"),
  UNSPECIFIED("an unspecified"),
  LOOPBACK("a loopback"),
  PRIVATE("a private"),
  SHARED("a shared (carrier)"),
  LINK_LOCAL("a link-local"),
  METADATA("a cloud metadata"),
  DOCUMENTATION("a documentation"),
  BENCHMARKING("a benchmarking"),
  MULTICAST("a multicast"),
  RESERVED("a reserved");

  private final String words;

  AddressKind(String words) {
    this.words = words;
  }

  /** With its article, as in "a loopback". */
  String words() {
    return words;
  }
}
