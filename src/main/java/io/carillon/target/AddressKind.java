package io.carillon.target;

/**
 * What an address is for. Everything but {@link #PUBLIC} is refused unless a rule lifts it. From
 * the mildest to the strictest, for addresses that can be read in two ways.
 */
enum AddressKind {
  PUBLIC("a public"),
  UNSPECIFIED("an unspecified"),
  PRIVATE("a private"),
  LOOPBACK("a loopback"),
  SHARED("a shared (carrier)"),
  LINK_LOCAL("a link-local"),
  DOCUMENTATION("a documentation"),
  BENCHMARKING("a benchmarking"),
  MULTICAST("a multicast"),
  RESERVED("a reserved"),
  METADATA("a cloud metadata");

  private final String words;

  AddressKind(String words) {
    this.words = words;
  }

  /** With its article, as in "a loopback". */
  String words() {
    return words;
  }
}
