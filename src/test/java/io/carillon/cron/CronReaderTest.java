package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.quartz.CronExpression;

class CronReaderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 12 * * ?            | 0 0 12 * * ?             | UNIX   | at 12:00 every day
          0 0 8 * * ?           | 0 0 8 * * ?              | QUARTZ | at 08:00 every day
          0 0 12 1 * ?          | 0 0 12 1 * ?             | QUARTZ | at 12:00 on day 1 of the month
          0 0 9-17 * * ?        | 0 0 9-17 * * ?           | QUARTZ | every hour from 09 to 17 o'clock
          0 0/30 * * * ?        | 0 0/30 * * * ?           | QUARTZ | every 30 minutes
          0 0 10 ? * MON-FRI    | 0 0 10 ? * MON-FRI       | QUARTZ | at 10:00 on Monday to Friday
          */15 * * * *          | 0 */15 * * * ?           | UNIX   | every 15 minutes
          12 * * * *            | 0 12 * * * ?             | UNIX   | every hour at minute 12
          0 0 12 * * *          | 0 0 12 * * ?             | QUARTZ | at 12:00 every day
          0 0 12 ? * *          | 0 0 12 ? * *             | QUARTZ | at 12:00 every day
          '  0  12 * *  1-5 '   | 0 0 12 ? * MON-FRI       | UNIX   | at 12:00 on Monday to Friday
          0 12 * * 0            | 0 0 12 ? * SUN           | UNIX   | at 12:00 on Sunday
          0 12 * * 7            | 0 0 12 ? * SUN           | UNIX   | at 12:00 on Sunday
          0 12 * * 0,6          | 0 0 12 ? * SUN,SAT       | UNIX   | at 12:00 on Saturday and Sunday
          0 12 * * 5-7          | 0 0 12 ? * FRI-SUN       | UNIX   | at 12:00 on Friday to Sunday
          0 12 * * 1-5/2        | 0 0 12 ? * MON,WED,FRI   | UNIX   | at 12:00 on Monday, Wednesday and Friday
          0 12 * * mon-fri      | 0 0 12 ? * MON-FRI       | UNIX   | at 12:00 on Monday to Friday
          0 12 * * 5L           | 0 0 12 ? * 6L            | UNIX   | at 12:00 on the last Friday of the month
          0 12 * * 5#2          | 0 0 12 ? * FRI#2         | UNIX   | at 12:00 on the second Friday of the month
          0 12 L * *            | 0 0 12 L * ?             | UNIX   | at 12:00 on the last day of the month
          0 12 * jan,jun *      | 0 0 12 * JAN,JUN ?       | UNIX   | at 12:00 every day in January and June
          0 0 12 ? * MON-FRI/2  | 0 0 12 ? * 2-6/2         | QUARTZ | at 12:00 on Monday, Wednesday and Friday
          0 0 12 ? * FRI-MON    | 0 0 12 ? * FRI-MON       | QUARTZ | at 12:00 on Friday to Monday
          0 0 22-2 * * ?        | 0 0 22-2 * * ?           | QUARTZ | every hour from 22 to 02 o'clock
          */5 * * * * *         | */5 * * * * ?            | QUARTZ | every 5 seconds
          * * * * * ?           | * * * * * ?              | QUARTZ | every second
          0 0 0 1 1 ? 2099      | 0 0 0 1 1 ? 2099         | QUARTZ | at 00:00 on day 1 of the month in January in 2099
          0 0 12 L-3W * ?       | 0 0 12 L-3W * ?          | QUARTZ | at 12:00 on the weekday (Monday to Friday) nearest to the day 3 days before the last of the month
          @hourly               | 0 0 * * * ?              | UNIX   | every hour
          @daily                | 0 0 0 * * ?              | UNIX   | at 00:00 every day
          @midnight             | 0 0 0 * * ?              | UNIX   | at 00:00 every day
          @Weekly               | 0 0 0 ? * SUN            | UNIX   | at 00:00 on Sunday
          @monthly              | 0 0 0 1 * ?              | UNIX   | at 00:00 on day 1 of the month
          @yearly               | 0 0 0 1 1 ?              | UNIX   | at 00:00 on day 1 of the month in January
          @annually             | 0 0 0 1 1 ?              | UNIX   | at 00:00 on day 1 of the month in January
          """)
  void a_text_is_said_in_quartz_form_and_in_words(
      String text, String normalized, String dialect, String words) {
    Reading.Valid valid = (Reading.Valid) CronReader.read(text, null);

    assertThat(valid.normalized()).isEqualTo(normalized);
    assertThat(valid.dialect()).isEqualTo(dialect);
    assertThat(valid.description()).isEqualTo(words);
    assertThatCode(() -> new CronExpression(normalized)).doesNotThrowAnyException();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          60 * * * * ?              | cron_second
          H H * * * ?               | cron_second
          0/0 * * * * ?             | cron_second
          */60 * * * * ?            | cron_second
          1- * * * * ?              | cron_second
          1,,2 * * * * ?            | cron_second
          L * * * * ?               | cron_second
          ? * * * * ?               | cron_second
          99999 * * * * ?           | cron_second
          *5 * * * * ?              | cron_second
          0 60 * * * ?              | cron_minute
          60 * * * *                | cron_minute
          0 0 24 * * ?              | cron_hour
          0 1-24 * * ?              | cron_hour
          0 0 12 1W-3 * ?           | cron_day_of_month
          0 0 12 32 * ?             | cron_day_of_month
          0 0 12 0 * ?              | cron_day_of_month
          0 0 12 0W * ?             | cron_day_of_month
          0 0 12 L-31 * ?           | cron_day_of_month
          0 0 12 * JANU ?           | cron_month
          0 0 12 * 13 ?             | cron_month
          0 0 12 * L ?              | cron_month
          0 0 12 ? * MON-FRI-SUN    | cron_day_of_week
          0 0 12 ? * 0              | cron_day_of_week
          0 0 12 ? * 8              | cron_day_of_week
          0 12 * * 8                | cron_day_of_week
          0 0 12 ? * MON#6          | cron_day_of_week
          0 0 12 ? * MON#1,FRI      | cron_day_of_week
          0 0 12 ? * 6L,2           | cron_day_of_week
          0 0 12 ? * FOO            | cron_day_of_week
          0 0 12 ? * ?              | cron_day_of_week
          0 0 12 1 * MON            | cron_day_of_week
          0 0 12 1 1 ? 1969         | cron_year
          0 0 12 1 1 ? 2300         | cron_year
          0 0 12 1 1 ? 2030-2029    | cron_year
          0 0 12 30 2 ?             | cron_never_fires
          0 0 0 31 2,4,6,9,11 ?     | cron_never_fires
          0 0 0 29 2 ? 2027         | cron_never_fires
          * * * *                   | cron_fields
          * * * * * * * *           | cron_fields
          ''                        | cron_fields
          every day                 | cron_fields
          @reboot                   | cron_macro
          @every tomorrow           | cron_macro
          @every                    | cron_macro
          """)
  void a_text_without_a_meaning_gets_the_code_of_its_field(String text, String code) {
    assertThat(CronReader.read(text, null))
        .isInstanceOfSatisfying(
            Reading.Invalid.class,
            invalid -> {
              assertThat(invalid.code()).isEqualTo(code);
              assertThat(invalid.detail()).isNotBlank();
            });
  }

  @Test
  void a_text_longer_than_the_column_is_refused_also_when_only_its_translation_is() {
    assertThat(code("1,".repeat(5_000) + "1 * * * *")).isEqualTo("cron_too_long");
    assertThat(code("0 0 12 " + "1,".repeat(57) + "1 * ?")).isEqualTo("cron_too_long");
    assertThat(code("0 12 * * " + "1,".repeat(50) + "1")).isEqualTo("cron_too_long");
  }

  @ParameterizedTest
  @CsvSource({
    "0 12 * * ?, QUARTZ, cron_fields",
    "0 0 12 * * ?, UNIX, cron_fields",
    "0 0 12 * * ?, unix, cron_dialect",
    "@daily, QUARTZ, cron_dialect"
  })
  void a_forced_dialect_refuses_the_others_fields(String text, String dialect, String code) {
    assertThat(((Reading.Invalid) CronReader.read(text, dialect)).code()).isEqualTo(code);
  }

  @ParameterizedTest
  @CsvSource({
    "@every 1h30m, PT1H30M",
    "@every 90s, PT1M30S",
    "@EVERY PT5M, PT5M",
    "@every 0s, PT0S",
    "@every 2d, PT48H"
  })
  void every_is_an_interval(String text, Duration every) {
    assertThat(CronReader.read(text, null)).isEqualTo(new Reading.Every(every));
  }

  @Test
  void five_fields_with_a_question_mark_say_how_they_were_read() {
    assertThat(warnings("0 12 * * ?"))
        .singleElement()
        .asString()
        .contains("minute first", "at 12:00 every day", "12 * * * *");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 0 10 ? * 1-5   | SUN-THU
          0 0 10 ? * 2,4,6 | MON,WED,FRI
          0 0 10 ? * 6L    | the last FRI
          0 0 10 ? * 6-2   | SUN,MON,FRI,SAT
          """)
  void weekday_numbers_of_quartz_are_said_in_names(String text, String names) {
    assertThat(warnings(text)).singleElement().asString().contains(names);
  }

  @ParameterizedTest
  @ValueSource(strings = {"0 0 10 ? * MON-FRI", "0 10 * * 1-5", "0 0 8 * * ?", "@weekly"})
  void what_is_clear_gets_no_warning(String text) {
    assertThat(warnings(text)).isEmpty();
  }

  /** The list of what a schedule may be spoilt with, and what its author is told. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      textBlock =
          """
          60 * * * * ?            | 60 is not a second: 0 to 59
          0 60 * * * ?            | 60 is not a minute: 0 to 59
          0 0 24 * * ?            | 24 is not an hour: 0 to 23
          0 0 12 32 * ?           | 32 is not a day of month: 1 to 31
          0 0 12 30 2 ?           | no date ever matches this text
          0 0 12 * JANU ?         | 'JANU' has no meaning as a month
          0 0 12 1W-3 * ?         | '1W-3' has no meaning as a day of month
          0 0 12 ? * MON-FRI-SUN  | 'MON-FRI-SUN' has no meaning as a day of week
          H H * * * ?             | 'H' has no meaning as a second
          0/0 * * * * ?           | step 0 is not within 1 to 59
          0 0 12 * FOO ?          | 'FOO' is not the name of a month
          0 0 12 ? * MON#6        | 'MON#6': a month has a first to a fifth of each weekday
          0 0 12 L-31 * ?         | 'L-31' goes back more than 30 days from the last of the month
          0 0 12 1 1 ? 2030-2029  | the range of years ends before it begins
          1,,2 * * * * ?          | an element of the list is empty
          ? * * * * ?             | '?' has a meaning only in the two day fields
          0 0 12 ? * ?            | only one of the two day fields can be '?'
          * * * *                 | a cron text has 5 fields (minute first) or 6 or 7 (second first), not 4
          0 0 12 ? * ſUN      | 'ſUN' has no meaning as a day of week
          """)
  void what_is_refused_is_refused_with_its_reason(String text, String detail) {
    assertThat(((Reading.Invalid) CronReader.read(text, null)).detail()).isEqualTo(detail);
  }

  private static String code(String text) {
    return ((Reading.Invalid) CronReader.read(text, null)).code();
  }

  private static List<String> warnings(String text) {
    return ((Reading.Valid) CronReader.read(text, null)).warnings();
  }
}
