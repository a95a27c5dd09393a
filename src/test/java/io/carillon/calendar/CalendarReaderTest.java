package io.carillon.calendar;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.spec.Fault;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Calendars as they are read: their faults, all together, and the form they are shown in. */
class CalendarReaderTest {
  static final String FULL =
      """
      "description": "Christmas",
      "dates": ["2026-12-24", "2026-12-31"],
      "ranges": [
        {"from": "2026-12-25", "to": "2026-12-26"},
        {"from": "2026-12-27T08:00", "to": "2026-12-27T10:30:15"},
        {"from": "2026-12-28T08:00:00Z", "to": "2026-12-28T10:00:00Z"}],
      "weekdays": ["SAT", "SUN"],
      "yearly": ["01-01", "12-25"],
      "cron": ["0 * 0-7 ? * *"]
      """;

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          "dates": ["2026-02-30"]                                | /dates/0      | date_invalid
          "dates": ["24.12.2026"]                                | /dates/0      | date_invalid
          "dates": ["1969-12-31"]                                | /dates/0      | date_invalid
          "dates": ["2026-12-24", 5]                             | /dates/1      | json_type
          "dates": "2026-12-24"                                  | /dates        | json_type
          "ranges": [{"from": "2026-12-24"}]                     | /ranges/0/to  | field_required
          "ranges": [{"from": "2026-12-24", "to": "2026-12-23"}] | /ranges/0/to  | end_before_start
          "ranges": [{"from": "2026-12-24T10:00", "to": "2026-12-24T10:00"}] | /ranges/0/to | end_before_start
          "ranges": [{"from": "2026-12-24", "to": "2026-12-25T10:00"}] | /ranges/0/to | range_mixed
          "ranges": [{"from": "noon", "to": "2026-12-25"}]       | /ranges/0/from | date_invalid
          "ranges": [{"from": "2026-12-24", "to": "2026-12-25", "x": 1}] | /ranges/0/x | field_unknown
          "ranges": ["2026-12-24"]                               | /ranges/0     | json_type
          "weekdays": ["SAT", "Sun"]                             | /weekdays/1   | value_unknown
          "weekdays": ["MON","TUE","WED","THU","FRI","SAT","SUN"] | /weekdays    | calendar_excludes_all
          "yearly": ["02-30"]                                    | /yearly/0     | date_invalid
          "yearly": ["2026-12-25"]                               | /yearly/0     | date_invalid
          "cron": ["0 0 25 * * ?"]                               | /cron/0       | cron_hour
          "cron": ["@every 1h"]                                  | /cron/0       | cron_macro
          "ics": "hello"                                         | /ics          | ics_invalid
          "ics": "BEGIN:VCALENDAR\\r\\nVERSION:2.0\\r\\nEND:VCALENDAR\\r\\n" | /ics | ics_empty
          "ics": 5                                               | /ics          | json_type
          "date": []                                             | /date         | field_unknown
          "description": 5                                       | /description  | json_type
          """)
  void a_fault_has_its_code_and_place(String members, String pointer, String code) {
    assertThat(Definition.faults(members))
        .singleElement()
        .satisfies(
            fault -> {
              assertThat(fault.code()).isEqualTo(code);
              assertThat(fault.pointer()).isEqualTo(pointer);
              assertThat(fault.detail()).isNotBlank();
            });
  }

  @Test
  void all_faults_are_told_together() {
    assertThat(
            Definition.faults(
                "\"dates\": [\"x\"], \"weekdays\": [\"X\"], \"yearly\": [\"x\"], \"cron\": [\"x\"],"
                    + " \"ics\": \"x\", \"ranges\": [{}], \"unknown\": 1"))
        .extracting(Fault::pointer)
        .containsExactlyInAnyOrder(
            "/dates/0",
            "/weekdays/0",
            "/yearly/0",
            "/cron/0",
            "/ics",
            "/ranges/0/from",
            "/ranges/0/to",
            "/unknown");
  }

  @Test
  void a_calendar_has_bounds() {
    assertThat(Definition.faults("\"dates\": [" + dates(10_001) + "]"))
        .extracting(Fault::code)
        .containsExactly("list_too_long");
    assertThat(
            Definition.faults(
                "\"dates\": ["
                    + dates(10_000)
                    + "], \"ranges\": [{\"from\": \"2060-01-01\", \"to\": \"2060-01-02\"}]"))
        .extracting(Fault::code)
        .containsExactly("calendar_too_large");
    String cron =
        IntStream.range(0, 101)
            .mapToObj(i -> "\"" + i % 60 + " " + i / 60 + " * * *\"")
            .collect(Collectors.joining(", "));
    assertThat(Definition.faults("\"cron\": [" + cron + "]"))
        .extracting(Fault::code)
        .containsExactly("list_too_long");
    assertThat(Definition.faults("\"ics\": \"" + "é".repeat(600_000) + "\""))
        .extracting(Fault::code)
        .containsExactly("ics_too_large");
  }

  private static String dates(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"" + java.time.LocalDate.of(2026, 1, 1).plusDays(i) + "\"")
        .collect(Collectors.joining(", "));
  }

  @Test
  void what_is_shown_and_what_is_stored_is_read_back() {
    CalendarDefinition calendar = Definition.of(FULL);
    String shown = CalendarWriter.write(calendar).toString();

    assertThat(CalendarWriter.parse(CalendarWriter.store(calendar))).isEqualTo(calendar);
    assertThat(Definition.of(shown.substring(1, shown.length() - 1))).isEqualTo(calendar);
  }

  @Test
  void what_an_answer_shows_beside_may_be_sent_back() {
    assertThat(
            Definition.of(
                FULL + ", \"name\": \"x\", \"version\": 3, \"createdAt\": \"x\", \"warnings\": []"))
        .isEqualTo(Definition.of(FULL));
  }
}
