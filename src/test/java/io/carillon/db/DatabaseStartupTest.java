package io.carillon.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.InstantSource;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class DatabaseStartupTest {
  private static final Executor THREADS = task -> new Thread(task, "waiting").start();

  private static DatabaseStartup startup(Supplier<Database> opening) {
    return new DatabaseStartup(opening, InstantSource.system());
  }

  private static Database away() {
    throw new DatabaseUnavailableException("nobody there", new IllegalStateException());
  }

  private static CompletableFuture<Database> inBackground(DatabaseStartup startup) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            return startup.await();
          } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
          }
        },
        THREADS);
  }

  @Test
  void tries_until_the_database_is_there() throws Exception {
    AtomicInteger attempts = new AtomicInteger();
    try (TestDatabase test = TestDatabase.create();
        DatabaseStartup startup =
            startup(() -> attempts.incrementAndGet() < 3 ? away() : test.database())) {
      assertThat(startup.await()).isSameAs(test.database());
      assertThat(attempts).hasValue(3);
    }
  }

  @Test
  void an_unusable_database_ends_the_wait_at_once() {
    try (DatabaseStartup startup =
        startup(
            () -> {
              throw new DatabaseUnusableException("too old");
            })) {
      assertThatThrownBy(startup::await).isInstanceOf(DatabaseUnusableException.class);
    }
  }

  @Test
  void close_ends_the_wait_even_before_it_began() {
    DatabaseStartup early = startup(DatabaseStartupTest::away);
    early.close();
    assertThatThrownBy(early::await).isInstanceOf(CancellationException.class);

    CompletableFuture<Void> tried = new CompletableFuture<>();
    DatabaseStartup later =
        startup(
            () -> {
              tried.complete(null);
              return away();
            });
    CompletableFuture<Database> waiting = inBackground(later);
    tried.join();
    later.close();
    assertThatThrownBy(() -> waiting.get(5, TimeUnit.SECONDS))
        .isInstanceOfAny(CancellationException.class, ExecutionException.class);
  }

  @Test
  void an_interrupt_ends_the_wait() {
    DatabaseStartup startup = startup(DatabaseStartupTest::away);
    Thread.currentThread().interrupt();
    assertThatThrownBy(startup::await).isInstanceOf(InterruptedException.class);
  }
}
