package io.carillon.db;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several embedded databases of one machine. */
class SimultaneousStartsTest {
  private static final Path SOFTWARE = TestDatabase.SOFTWARE.toAbsolutePath();
  private static final int STARTS = 8;

  /** Each begins while those before it are at another step. */
  private static final long APART_MILLIS = 60;

  @TempDir Path temporary;

  /**
   * A server that starts removes what it takes for left behind in the folder of its temporary
   * files.
   */
  @Test
  void first_starts_at_once_leave_each_others_temporary_files_alone() throws Exception {
    MariaDbSoftware.unpack(SOFTWARE); // so that none waits for it
    Queue<EmbeddedMariaDb> started = new ConcurrentLinkedQueue<>();
    ScheduledExecutorService starters = Executors.newScheduledThreadPool(STARTS);
    try {
      List<ScheduledFuture<Boolean>> starts =
          IntStream.range(0, STARTS)
              .mapToObj(
                  number ->
                      starters.schedule(
                          () -> started.add(start(number)),
                          number * APART_MILLIS,
                          TimeUnit.MILLISECONDS))
              .toList();
      assertThat(starts).allSatisfy(start -> assertThat(start.get(2, TimeUnit.MINUTES)).isTrue());
    } finally {
      starters.shutdown();
      assertThat(starters.awaitTermination(2, TimeUnit.MINUTES)).isTrue();
      started.forEach(EmbeddedMariaDb::close);
    }
  }

  private EmbeddedMariaDb start(int number) {
    return EmbeddedMariaDb.start(temporary.resolve("data-" + number), 0, SOFTWARE);
  }
}
