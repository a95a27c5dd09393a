package io.carillon.harness;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An archive of a server's classes as the JVM has parsed them (JEP 350), so that a node starts in
 * half the time, and takes half of the processors' time from the nodes beside it. Made once for a
 * jar and a JVM, by a server that is started for it and ended in order; without one, nodes start as
 * ever. Thread-safe, also between processes.
 */
final class SharedClasses {
  private static final Logger LOG = LoggerFactory.getLogger(SharedClasses.class);
  private static final Duration READY = Duration.ofSeconds(60);
  private static final Duration END = Duration.ofSeconds(40);

  private SharedClasses() {}

  /**
   * The option that lets a JVM use the archive.
   *
   * @param maker prepares a server that uses none
   */
  static synchronized List<String> options(Path folder, Path jar, NodeBuilder maker) {
    try {
      Path archive = folder.resolve("classes-" + key(jar) + ".jsa").toAbsolutePath();
      if (!Files.exists(archive)) {
        make(archive, maker);
      }
      return Files.exists(archive) && Files.size(archive) > 0
          ? List.of("-XX:SharedArchiveFile=" + archive)
          : List.of();
    } catch (IOException fault) {
      throw new UncheckedIOException("An archive of the classes of " + jar, fault);
    }
  }

  private static String key(Path jar) throws IOException {
    String version = Runtime.version().toString().replaceAll("[^0-9a-zA-Z.]", "-");
    return version + "-" + Files.getLastModifiedTime(jar).toMillis() + "-" + Files.size(jar);
  }

  private static void make(Path archive, NodeBuilder maker) throws IOException {
    Files.createDirectories(archive.getParent());
    Path lock = archive.resolveSibling(archive.getFileName() + ".lock");
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.lock()) {
      if (held.isValid() && !Files.exists(archive)) {
        Path fresh = archive.resolveSibling(archive.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        dump(fresh, maker);
        // An empty one says that it cannot be had here.
        if (Files.exists(fresh)) {
          Files.move(fresh, archive, StandardCopyOption.ATOMIC_MOVE);
        } else {
          Files.createFile(archive);
        }
      }
    }
  }

  private static void dump(Path fresh, NodeBuilder maker) {
    try (NodeProcess node = maker.jvmOption("-XX:ArchiveClassesAtExit=" + fresh).start()) {
      node.awaitReady(READY);
      for (String path : List.of("/api/v1/jobs", "/api/v1/queues", "/metrics")) {
        node.api().get(path);
      }
      node.term();
      node.awaitExit(END);
    } catch (AssertionError | UncheckedIOException fault) {
      LOG.warn("no archive of the server's classes: {}", fault.getMessage());
    }
  }
}
