package io.carillon.db;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The folder of the embedded database, locked for this process: the lock ends with the process,
 * however it ends. Holds the server's data, its log, and its access data in a file that only the
 * owner can read. Nothing in it is ever deleted but half-made installations.
 */
final class DataDirectory implements AutoCloseable {
  /** Far behind the text in it, since a locked part cannot be read on some systems. */
  private static final long LOCKED_BYTE = 1L << 40;

  /** Each start takes away the rows of all that are noted, so few would do. */
  private static final int MOST_NODES = 50;

  private final Path root;
  private final FileChannel lock;

  private DataDirectory(Path root, FileChannel lock) {
    this.root = root;
    this.lock = lock;
  }

  /**
   * How to reach the server.
   *
   * @param port 0 if none was chosen yet
   */
  record Access(int port, String password) {
    static final String USER = "carillon";

    @Override
    public String toString() {
      return "Access[port=" + port + "]";
    }
  }

  /**
   * Creates the folder if need be, and locks it.
   *
   * @throws DatabaseUnusableException if another process has it, or it cannot be written
   */
  static DataDirectory lock(Path folder) {
    Path root = folder.toAbsolutePath().normalize();
    Path file = root.resolve("carillon.lock");
    try {
      createPrivately(root);
      root = root.toRealPath();
      FileChannel channel =
          FileChannel.open(
              file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
      if (!locked(channel)) {
        String owner = Files.readString(file).strip();
        channel.close();
        throw new DatabaseUnusableException(
            "Another Carillon (process %s) uses the data directory %s: stop it, or set another carillon.data.dir"
                .formatted(owner.isEmpty() ? "unknown" : owner, root));
      }
      channel.truncate(0);
      String pid = Long.toString(ProcessHandle.current().pid());
      channel.write(ByteBuffer.wrap(pid.getBytes(StandardCharsets.UTF_8)), 0);
      return new DataDirectory(root, channel);
    } catch (IOException failed) {
      throw new DatabaseUnusableException(
          "The data directory %s cannot be used (%s); set carillon.data.dir, or %s to a server of yours"
              .formatted(root, failed, EmbeddedMariaDb.URL_KEY),
          failed);
    }
  }

  private static boolean locked(FileChannel channel) throws IOException {
    try {
      FileLock lock = channel.tryLock(LOCKED_BYTE, 1, false);
      return lock != null;
    } catch (OverlappingFileLockException thisProcess) {
      return false;
    }
  }

  /** The server's own files. Exists only once it is complete. */
  Path database() {
    return root.resolve("mariadb");
  }

  /** Where the server's files grow until they are complete. */
  Path unfinishedDatabase() {
    return root.resolve("mariadb.unfinished");
  }

  Path software() {
    return root.resolve("software");
  }

  Path temporary() {
    return root.resolve("tmp");
  }

  Path log() {
    return root.resolve("mariadb.log");
  }

  Path pidFile() {
    return root.resolve("mariadb.pid");
  }

  /** The access data of the last run; made up the first time. */
  Access access() throws IOException {
    Path file = accessFile();
    if (!Files.exists(file)) {
      if (Files.exists(database())) {
        throw new DatabaseUnusableException(
            "%s is missing: without it the database beside it cannot be opened".formatted(file));
      }
      byte[] random = new byte[24];
      new SecureRandom().nextBytes(random);
      Access fresh = new Access(0, Base64.getUrlEncoder().withoutPadding().encodeToString(random));
      remember(fresh);
      return fresh;
    }
    Properties properties = new Properties();
    properties.load(new StringReader(Files.readString(file)));
    try {
      return new Access(
          Integer.parseInt(properties.getProperty("port", "0")),
          properties.getProperty("password", ""));
    } catch (NumberFormatException damaged) {
      throw new DatabaseUnusableException("%s is damaged".formatted(file), damaged);
    }
  }

  /** Keeps the access data, on disk before this returns. */
  void remember(Access access) throws IOException {
    Path fresh = root.resolve("database.properties.new");
    Files.deleteIfExists(fresh);
    createFilePrivately(fresh);
    String text =
        """
        # Access to the database beside this file. Any MySQL client on this machine can use it:
        # mysql --host=127.0.0.1 --port=%1$d --user=%2$s --password carillon
        port=%1$d
        user=%2$s
        password=%3$s
        """
            .formatted(access.port(), Access.USER, access.password());
    try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
      channel.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    Files.move(fresh, accessFile(), StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * Adds a node to the list of those that have run under this lock, on disk before this returns.
   *
   * @return those before it. Since the lock ends with its process, none of them runs any more
   */
  Set<String> succeed(String nodeId) throws IOException {
    Path file = root.resolve("carillon.nodes");
    List<String> before = Files.exists(file) ? Files.readAllLines(file) : List.of();
    List<String> kept = before.subList(Math.max(0, before.size() - MOST_NODES), before.size());
    Path fresh = root.resolve("carillon.nodes.new");
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      String lines = Stream.concat(kept.stream(), Stream.of(nodeId)).collect(joining("\n"));
      channel.write(ByteBuffer.wrap((lines + "\n").getBytes(StandardCharsets.UTF_8)));
      channel.force(true);
    }
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
    return new LinkedHashSet<>(kept);
  }

  Path accessFile() {
    return root.resolve("database.properties");
  }

  /** Releases the lock. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException failed) {
      throw new UncheckedIOException("The lock of " + root + " could not be released", failed);
    }
  }

  /** Deletes what an installation that was cut short left behind. */
  static void deleteUnfinished(Path folder) throws IOException {
    if (!Files.exists(folder)) {
      return;
    }
    List<Path> files;
    try (Stream<Path> walk = Files.walk(folder)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.delete(file);
    }
  }

  static void createPrivately(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Files.createDirectories(folder.toAbsolutePath().getParent());
    if (posix(folder)) {
      Files.createDirectory(
          folder,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectory(folder);
    }
  }

  private static void createFilePrivately(Path file) throws IOException {
    if (posix(file)) {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } else {
      Files.createFile(file);
    }
  }

  private static boolean posix(Path path) {
    return path.getFileSystem().supportedFileAttributeViews().contains("posix");
  }
}
