package io.carillon.calendar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.carillon.calendar.CalendarDefinition.Days;
import io.carillon.calendar.CalendarDefinition.Instants;
import io.carillon.calendar.CalendarDefinition.Times;
import io.carillon.calendar.IcsImport.Found;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.MonthDay;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** ICS files as their publishers write them. */
class IcsImportTest {
  private final TimeZone before = TimeZone.getDefault();

  @AfterEach
  void putZoneBack() {
    TimeZone.setDefault(before);
  }

  private static Found read(String events) {
    return new IcsImport(Definition.NOW)
        .read(
            ("BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//holidays//EN\n" + events + "END:VCALENDAR\n")
                .replace("\n", "\r\n"));
  }

  private static String event(String lines) {
    return "BEGIN:VEVENT\nUID:a@example\nDTSTAMP:20260101T000000Z\n" + lines + "END:VEVENT\n";
  }

  /** The machine's own zone, also one whose days begin an hour late, plays no part. */
  @ParameterizedTest
  @ValueSource(strings = {"UTC", "America/Santiago", "Pacific/Apia", "Pacific/Honolulu"})
  void a_file_of_holidays_becomes_its_days(String machine) {
    TimeZone.setDefault(TimeZone.getTimeZone(machine));
    Found found =
        read(
            event(
                    """
                    DTSTART;VALUE=DATE:20261224
                    DTEND;VALUE=DATE:20261225
                    SUMMARY:Heiliger Abend\\, an dem fast niemand arbeitet und dessen Name de
                     swegen so lang ist\\, dass er über zwei Zeilen geht
                    TRANSP:TRANSPARENT
                    """)
                + event("DTSTART;VALUE=DATE:20270326\nDTEND;VALUE=DATE:20270330\nSUMMARY:Easter\n")
                + event("DTSTART;VALUE=DATE:20260906\nSUMMARY:No end means one day\n")
                + event("DTSTART;VALUE=DATE:20270501\nDURATION:P2D\n")
                + event("DTSTART;VALUE=DATE:20270601\nSTATUS:CANCELLED\n"));

    assertThat(found.dates())
        .containsExactlyInAnyOrder(LocalDate.parse("2026-12-24"), LocalDate.parse("2026-09-06"));
    assertThat(found.ranges())
        .containsExactlyInAnyOrder(
            new Days(LocalDate.parse("2027-03-26"), LocalDate.parse("2027-03-29")),
            new Days(LocalDate.parse("2027-05-01"), LocalDate.parse("2027-05-02")));
    assertThat(found.yearly()).isEmpty();
    assertThat(found.warnings()).isEmpty();
  }

  @Test
  void what_comes_every_year_for_good_is_a_yearly_day() {
    Found found =
        read(
            event("DTSTART;VALUE=DATE:20001225\nDTEND;VALUE=DATE:20001227\nRRULE:FREQ=YEARLY\n")
                + event(
                    "DTSTART;VALUE=DATE:20000501\nRRULE:FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1;INTERVAL=1\n"));

    assertThat(found.yearly())
        .containsExactlyInAnyOrder(MonthDay.of(12, 25), MonthDay.of(12, 26), MonthDay.of(5, 1));
    assertThat(found.dates()).isEmpty();
  }

  @Test
  void rules_with_an_end_or_a_step_are_written_out() {
    assertThat(read(event("DTSTART;VALUE=DATE:20261001\nRRULE:FREQ=YEARLY;COUNT=3\n")).dates())
        .containsExactlyInAnyOrder(
            LocalDate.parse("2026-10-01"),
            LocalDate.parse("2027-10-01"),
            LocalDate.parse("2028-10-01"));
    assertThat(
            read(event("DTSTART;VALUE=DATE:20261001\nRRULE:FREQ=YEARLY;UNTIL=20281001\n")).dates())
        .hasSize(3);
    assertThat(read(event("DTSTART;VALUE=DATE:20261001\nRRULE:FREQ=YEARLY;INTERVAL=4\n")).dates())
        .containsExactlyInAnyOrder(
            LocalDate.parse("2026-10-01"),
            LocalDate.parse("2030-10-01"),
            LocalDate.parse("2034-10-01"));
    assertThat(
            read(event("DTSTART;VALUE=DATE:20261126\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH\n"))
                .dates())
        .hasSize(10)
        .contains(LocalDate.parse("2027-11-25"), LocalDate.parse("2035-11-22"));
  }

  @Test
  void days_taken_out_of_a_rule_and_moved_ones_are_seen() {
    Found found =
        read(
            event(
                    """
                    DTSTART;VALUE=DATE:20261001
                    RRULE:FREQ=MONTHLY;COUNT=5
                    EXDATE;VALUE=DATE:20261101
                    RDATE;VALUE=DATE:20261215
                    """)
                + event("RECURRENCE-ID;VALUE=DATE:20270101\nDTSTART;VALUE=DATE:20270104\n"));

    assertThat(found.dates())
        .containsExactlyInAnyOrder(
            LocalDate.parse("2026-10-01"),
            LocalDate.parse("2026-12-01"),
            LocalDate.parse("2026-12-15"),
            LocalDate.parse("2027-01-04"),
            LocalDate.parse("2027-02-01"));
  }

  @Test
  void times_are_instants_where_they_have_a_zone_and_local_where_they_float() {
    Found found =
        read(
            event("DTSTART:20261224T180000Z\nDTEND:20261224T190000Z\n")
                + event(
                    "DTSTART;TZID=Europe/Berlin:20270701T180000\nDTEND;TZID=Europe/Berlin:20270701T193000\n")
                + event("DTSTART:20261231T220000\nDURATION:PT3H\n"));

    assertThat(found.ranges())
        .containsExactlyInAnyOrder(
            instants("2026-12-24T18:00:00Z", "2026-12-24T19:00:00Z"),
            instants("2027-07-01T16:00:00Z", "2027-07-01T17:30:00Z"),
            new Times(
                LocalDateTime.parse("2026-12-31T22:00"), LocalDateTime.parse("2027-01-01T01:00")));
  }

  private static Instants instants(String from, String to) {
    return new Instants(Instant.parse(from), Instant.parse(to));
  }

  @Test
  void a_weekly_time_keeps_its_place_on_the_wall_over_a_clock_change() {
    Found found =
        read(
            event(
                """
                DTSTART;TZID=Europe/Berlin:20270324T080000
                DTEND;TZID=Europe/Berlin:20270324T090000
                RRULE:FREQ=WEEKLY;UNTIL=20270407T060000Z
                """));

    assertThat(found.ranges())
        .containsExactlyInAnyOrder(
            instants("2027-03-24T07:00:00Z", "2027-03-24T08:00:00Z"),
            instants("2027-03-31T06:00:00Z", "2027-03-31T07:00:00Z"),
            instants("2027-04-07T06:00:00Z", "2027-04-07T07:00:00Z"));
  }

  @Test
  void a_zone_that_only_the_file_knows_is_read_from_it() {
    Found found =
        read(
            """
            BEGIN:VTIMEZONE
            TZID:W. Europe Standard Time
            BEGIN:STANDARD
            DTSTART:16011028T030000
            RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10
            TZOFFSETFROM:+0200
            TZOFFSETTO:+0100
            END:STANDARD
            BEGIN:DAYLIGHT
            DTSTART:16010325T020000
            RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3
            TZOFFSETFROM:+0100
            TZOFFSETTO:+0200
            END:DAYLIGHT
            END:VTIMEZONE
            """
                + event(
                    """
                    DTSTART;TZID=W. Europe Standard Time:20270701T180000
                    DTEND;TZID=W. Europe Standard Time:20270701T193000
                    """)
                + event(
                    """
                    DTSTART;TZID=W. Europe Standard Time:20271201T180000
                    DTEND;TZID=W. Europe Standard Time:20271201T193000
                    """));

    assertThat(found.ranges())
        .containsExactlyInAnyOrder(
            instants("2027-07-01T16:00:00Z", "2027-07-01T17:30:00Z"),
            instants("2027-12-01T17:00:00Z", "2027-12-01T18:30:00Z"));
  }

  @Test
  void what_cannot_be_meant_is_left_out_with_a_warning() {
    Found found =
        read(
            event("DTSTART:20261224T180000Z\nSUMMARY:no length\n")
                + event("SUMMARY:no begin\n")
                + event("DTSTART;TZID=Mars/Base:20270701T180000\nDURATION:PT1H\nSUMMARY:Mars\n"));

    assertThat(found.warnings()).anyMatch(text -> text.contains("'no length'"));
    assertThat(found.warnings()).anyMatch(text -> text.contains("'no begin'"));
    assertThat(found.warnings()).anyMatch(text -> text.contains("'Mars'"));
    assertThat(found.ranges())
        .containsExactly(
            new Times(
                LocalDateTime.parse("2027-07-01T18:00"), LocalDateTime.parse("2027-07-01T19:00")));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "FREQ=SECONDLY",
        "FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=SECONDLY;BYSECOND=61",
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MINUTELY;BYHOUR=25",
        "FREQ=DAILY;INTERVAL=2147483647",
        "FREQ=YEARLY;INTERVAL=2147483647",
        "FREQ=DAILY;COUNT=2147483647",
        "FREQ=YEARLY;BYDAY=MO,TU,WE,TH,FR,SA,SU;BYHOUR=0,1,2,3,4,5,6;BYMINUTE=1,2,3;BYSECOND=4,5"
      })
  void no_rule_takes_long(String rule) {
    assertTimeoutPreemptively(
        Duration.ofSeconds(20),
        () -> {
          try {
            read(event("DTSTART:20261224T180000Z\nDURATION:PT1S\nRRULE:" + rule + "\n"));
          } catch (IcsImport.Unreadable e) {
            assertThat(e.code()).isEqualTo("calendar_too_large");
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hello",
        "BEGIN:VCARD\r\nEND:VCARD\r\n",
        "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n"
      })
  void what_is_no_file_of_events_is_refused(String text) {
    assertThatThrownBy(() -> new IcsImport(Definition.NOW).read(text))
        .isInstanceOf(IcsImport.Unreadable.class);
  }
}
