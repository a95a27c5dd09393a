package io.carillon.calendar;

import static io.carillon.calendar.CalendarDatabase.name;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.carillon.calendar.CalendarBook.InUse;
import io.carillon.calendar.CalendarBook.Put;
import io.carillon.calendar.CalendarBook.StaleVersion;
import io.carillon.job.Exclusions;
import io.carillon.job.JobExceptions.StoreUnavailable;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.List;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Calendars in the database: versions, what is read again and what is not, and what is in use. */
class StoredCalendarsTest {
  private static final Instant CHRISTMAS = Instant.parse("2026-12-24T12:00:00Z");
  private static final String ON_CHRISTMAS = "\"dates\": [\"2026-12-24\"]";
  private static final String NEVER = "\"description\": \"nothing\"";
  @AutoClose private static CalendarDatabase database;

  @BeforeAll
  static void open() {
    database = new CalendarDatabase();
  }

  @BeforeEach
  void empty() {
    database.update("DELETE FROM calendar");
    database.update("DELETE FROM job_calendar");
    database.update("DELETE FROM job");
  }

  private static boolean isFree(Exclusions exclusions) {
    return exclusions.freeFrom(CHRISTMAS, ZoneOffset.UTC).equals(CHRISTMAS);
  }

  @Test
  void what_is_put_is_found_and_its_version_rises_with_changes_alone() {
    Put first = database.put("holidays", ON_CHRISTMAS);
    Put same = database.put("holidays", ON_CHRISTMAS);
    Put changed = database.put("holidays", NEVER);

    assertThat(first.created()).isTrue();
    assertThat(List.of(first.stored().version(), same.stored().version())).containsOnly(1L);
    assertThat(same.created()).isFalse();
    assertThat(changed.stored().version()).isEqualTo(2);
    assertThat(database.calendars.find(name("holidays"))).contains(changed.stored());
    assertThat(database.calendars.find(name("Holidays"))).isEmpty();
  }

  @Test
  void another_version_than_expected_is_refused() {
    database.put("holidays", ON_CHRISTMAS);
    CalendarDefinition other = Definition.of(NEVER);

    assertThatThrownBy(
            () -> database.calendars.put(name("holidays"), other, false, OptionalLong.of(2)))
        .isInstanceOfSatisfying(StaleVersion.class, e -> assertThat(e.current()).isEqualTo(1));
    assertThatThrownBy(
            () -> database.calendars.put(name("holidays"), other, true, OptionalLong.empty()))
        .isInstanceOf(StaleVersion.class);
    assertThatThrownBy(() -> database.calendars.put(name("none"), other, false, OptionalLong.of(1)))
        .isInstanceOfSatisfying(StaleVersion.class, e -> assertThat(e.current()).isZero());
    assertThatThrownBy(() -> database.calendars.delete(name("holidays"), OptionalLong.of(7)))
        .isInstanceOf(StaleVersion.class);
    assertThat(database.calendars.put(name("holidays"), other, false, OptionalLong.of(1)).stored())
        .satisfies(stored -> assertThat(stored.version()).isEqualTo(2));
  }

  @Test
  void a_reader_sees_a_change_at_once_and_parses_nothing_twice() {
    database.put("holidays", ON_CHRISTMAS);
    Exclusions first = database.read("holidays", "absent").get(name("holidays"));

    assertThat(isFree(first)).isFalse();
    assertThat(database.read("holidays")).containsEntry(name("holidays"), first);
    assertThat(database.read("holidays").get(name("holidays"))).isSameAs(first);
    database.put("holidays", NEVER);
    assertThat(isFree(database.read("holidays").get(name("holidays")))).isTrue();
    assertThat(database.read("absent")).isEmpty();
    assertThat(database.read()).isEmpty();
  }

  @Test
  void names_that_no_calendar_has_are_told() {
    database.put("holidays", ON_CHRISTMAS);
    database.put("nights", NEVER);

    assertThat(database.calendars.unknown(List.of(name("holidays"), name("none"))))
        .isEqualTo(Set.of(name("none")));
    assertThat(database.calendars.unknown(List.of())).isEmpty();
    assertThat(database.calendars.find("default", List.of("holidays", "none")))
        .containsOnlyKeys("holidays");
    assertThat(database.calendars.find("other", List.of("holidays"))).isEmpty();
    assertThat(database.calendars.names("default")).containsExactly("holidays", "nights");
  }

  @Test
  void a_list_goes_on_page_by_page() {
    for (String name : List.of("c", "a", "b")) {
      database.put(name, "\"description\": \"of " + name + "\"");
    }
    CalendarBook.Page first = database.calendars.list("default", "", 2);
    CalendarBook.Page second = database.calendars.list("default", "b", 2);

    assertThat(first.lines()).extracting(CalendarBook.Line::name).containsExactly("a", "b");
    assertThat(first.lines()).extracting(CalendarBook.Line::description).contains("of a");
    assertThat(first.more()).isTrue();
    assertThat(second.lines()).extracting(CalendarBook.Line::name).containsExactly("c");
    assertThat(second.more()).isFalse();
  }

  @Test
  void what_live_jobs_name_stays_and_what_others_name_goes() {
    database.put("holidays", ON_CHRISTMAS);
    database.job("over", "COMPLETED", "holidays");
    for (int i = 1; i <= 7; i++) {
      database.job("j" + i, i % 2 == 0 ? "PAUSED" : "ACTIVE", "holidays");
    }

    assertThatThrownBy(() -> database.calendars.delete(name("holidays"), OptionalLong.empty()))
        .isInstanceOfSatisfying(
            InUse.class,
            used -> {
              assertThat(used.jobs()).containsExactly("j1", "j2", "j3", "j4", "j5");
              assertThat(used.count()).isEqualTo(7);
            });
    database.update("UPDATE job SET state = 'CANCELLED' WHERE id <> 'over'");
    assertThat(database.calendars.delete(name("holidays"), OptionalLong.of(1))).isTrue();
    assertThat(database.calendars.delete(name("holidays"), OptionalLong.empty())).isFalse();
  }

  @Test
  void changes_at_the_same_time_all_count() {
    List<CompletableFuture<Void>> puts =
        IntStream.range(0, 12)
            .mapToObj(
                i ->
                    CompletableFuture.runAsync(
                        () -> database.put("busy", "\"description\": \"" + i + "\"")))
            .toList();
    puts.forEach(put -> put.orTimeout(30, TimeUnit.SECONDS).join());

    assertThat(database.calendars.find(name("busy")).orElseThrow().version()).isEqualTo(12);
  }

  @Test
  void a_calendar_of_many_days_is_stored() {
    String dates =
        String.join(
            ", ",
            IntStream.range(0, 10_000)
                .mapToObj(i -> "\"" + java.time.LocalDate.of(2026, 1, 1).plusDays(2L * i) + "\"")
                .toList());
    database.put("many", "\"dates\": [" + dates + "]");

    assertThat(database.calendars.find(name("many")).orElseThrow().definition().dates())
        .hasSize(10_000);
  }

  @Test
  void a_damaged_calendar_holds_up_nobody() {
    database.put("good", ON_CHRISTMAS);
    database.put("bad", ON_CHRISTMAS);
    database.update("UPDATE calendar SET definition = '[', version = 2 WHERE name = 'bad'");

    assertThat(isFree(database.read("good", "bad").get(name("bad")))).isTrue();
    assertThat(isFree(database.read("good", "bad").get(name("good")))).isFalse();
  }

  @Test
  void says_that_the_database_is_away() {
    StoredCalendars away =
        new StoredCalendars(
            () -> {
              throw new StoreUnavailable("not there yet", null);
            },
            InstantSource.fixed(Definition.NOW));

    assertThatThrownBy(() -> away.unknown(List.of(name("x")))).isInstanceOf(StoreUnavailable.class);
    assertThat(away.unknown(List.of())).isEmpty();
  }
}
