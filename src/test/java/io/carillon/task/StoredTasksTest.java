package io.carillon.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.db.TestDatabase;
import io.carillon.job.Jobs.BadCursor;
import io.carillon.job.Jobs.Page;
import io.carillon.job.StoredTask;
import io.carillon.job.Task;
import io.carillon.job.Task.Parameter;
import io.carillon.job.TaskId;
import io.carillon.job.Tasks.Conflict;
import io.carillon.job.Tasks.Put;
import io.carillon.spec.TaskWriter;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class StoredTasksTest {
  private static final Instant NOW = Instant.parse("2026-11-21T12:00:00Z");
  private static final OptionalLong ANY = OptionalLong.empty();
  @AutoClose private static TestDatabase database;

  private final AtomicReference<Instant> time = new AtomicReference<>(NOW);
  private final StoredTasks tasks =
      new StoredTasks(database.database().dataSource(), new Codec(), time::get);

  /** As the server's own. */
  private static final class Codec implements TaskCodec {
    @Override
    public String store(Task task) {
      return new TaskWriter().store(task);
    }

    @Override
    public Task parse(TaskId id, String definition) {
      return new TaskWriter().parse(id, definition);
    }
  }

  @BeforeAll
  static void open() {
    database = TestDatabase.create();
  }

  @AfterEach
  void clear() {
    tasks.ids("default", 100).forEach(id -> tasks.delete(TaskId.of(id), ANY));
  }

  private static Task task(String id, String message) {
    return new Task(
        TaskId.of(id),
        "Größe 🔔",
        Map.of("type", "log", "message", message),
        Map.of("p", new Parameter(Task.Type.INTEGER, false, 7, "a number")),
        Map.of("maxAttempts", 3),
        "q");
  }

  @Test
  void a_task_is_read_as_it_was_put() {
    Put put = tasks.put(task("a", "{{p}}"), false, ANY);

    assertThat(put.created()).isTrue();
    assertThat(put.stored()).isEqualTo(new StoredTask(task("a", "{{p}}"), 1, NOW, NOW));
    assertThat(tasks.find(TaskId.of("a"))).contains(put.stored());
    assertThat(tasks.find(TaskId.of("A"))).isEmpty();
    assertThat(tasks.find(new TaskId("other", "a"))).isEmpty();
  }

  @Test
  void another_put_raises_the_version_and_keeps_the_time_of_the_first() {
    tasks.put(task("a", "1"), false, ANY);
    time.set(NOW.plusSeconds(5));

    Put put = tasks.put(task("a", "2"), false, OptionalLong.of(1));

    assertThat(put.created()).isFalse();
    assertThat(put.stored()).isEqualTo(new StoredTask(task("a", "2"), 2, NOW, NOW.plusSeconds(5)));
    assertThat(tasks.find(TaskId.of("a"))).contains(put.stored());
  }

  @Test
  void a_condition_that_does_not_hold_changes_nothing() {
    tasks.put(task("a", "1"), true, ANY);
    TaskId id = TaskId.of("a");

    assertThatThrownBy(() -> tasks.put(task("a", "2"), true, ANY)).isInstanceOf(Conflict.class);
    assertThatThrownBy(() -> tasks.put(task("a", "2"), false, OptionalLong.of(9)))
        .isInstanceOfSatisfying(Conflict.class, e -> assertThat(e.current()).isEqualTo(1));
    assertThatThrownBy(() -> tasks.put(task("b", "2"), false, OptionalLong.of(1)))
        .isInstanceOfSatisfying(Conflict.class, e -> assertThat(e.current()).isZero());
    assertThatThrownBy(() -> tasks.delete(id, OptionalLong.of(2))).isInstanceOf(Conflict.class);
    assertThat(tasks.find(id).orElseThrow().task()).isEqualTo(task("a", "1"));
    assertThat(tasks.delete(id, OptionalLong.of(1))).isTrue();
    assertThat(tasks.delete(id, ANY)).isFalse();
  }

  @Test
  void of_writers_that_know_the_same_version_one_wins() throws Exception {
    tasks.put(task("a", "0"), false, ANY);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      Callable<Boolean> write =
          () -> {
            try {
              tasks.put(task("a", "x"), false, OptionalLong.of(1));
              return true;
            } catch (Conflict lost) {
              return false;
            }
          };
      int won = 0;
      for (Future<Boolean> one : threads.invokeAll(java.util.Collections.nCopies(8, write))) {
        won += one.get() ? 1 : 0;
      }
      assertThat(won).isEqualTo(1);
      assertThat(tasks.find(TaskId.of("a")).map(StoredTask::version)).isEqualTo(Optional.of(2L));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void lists_go_by_id_in_pages() {
    for (String id : List.of("b", "a", "C", "~")) {
      tasks.put(task(id, "x"), false, ANY);
    }

    Page<StoredTask> first = tasks.list("default", null, 3);
    Page<StoredTask> rest = tasks.list("default", first.nextCursor(), 3);

    assertThat(first.items()).extracting(t -> t.task().id().value()).containsExactly("C", "a", "b");
    assertThat(rest.items()).extracting(t -> t.task().id().value()).containsExactly("~");
    assertThat(rest.nextCursor()).isNull();
    assertThat(tasks.ids("default", 2)).containsExactly("C", "a");
    for (String bad : List.of("%", "", "IA==")) {
      assertThatThrownBy(() -> tasks.list("default", bad, 3)).isInstanceOf(BadCursor.class);
    }
  }
}
