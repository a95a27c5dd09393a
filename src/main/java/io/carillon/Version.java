package io.carillon;

/** The version of this server, from the jar's manifest; {@code dev} outside a jar. */
final class Version {
  private Version() {}

  static String current() {
    String version = Version.class.getPackage().getImplementationVersion();
    return version == null ? "dev" : version;
  }
}
