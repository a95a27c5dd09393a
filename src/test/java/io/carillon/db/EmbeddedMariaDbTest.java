package io.carillon.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class EmbeddedMariaDbTest {
  @Test
  void starts() {
    long t = System.nanoTime();
    try (EmbeddedMariaDb db = EmbeddedMariaDb.start(Path.of("target/x-data"), 0)) {
      System.err.println("first " + (System.nanoTime() - t) / 1000000);
      assertThat(db.pid()).isPositive();
    }
    t = System.nanoTime();
    try (EmbeddedMariaDb db = EmbeddedMariaDb.start(Path.of("target/x-data"), 0)) {
      System.err.println("second " + (System.nanoTime() - t) / 1000000);
      t = System.nanoTime();
    }
    System.err.println("close " + (System.nanoTime() - t) / 1000000);
  }
}
