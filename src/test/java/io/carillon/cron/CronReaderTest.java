package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Random;
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

  @Test
  void twenty_thousand_random_texts_are_answered_quickly_and_as_quartz_reads_them() {
    Random random = new Random(7);
    String signs = "0123456789*?/-,LW#HMONFRIJAN @ 0 * * ? \t";
    long begin = System.nanoTime();
    for (int n = 0; n < 20_000; n++) {
      StringBuilder text = new StringBuilder();
      int length = random.nextInt(40);
      for (int i = 0; i < length; i++) {
        text.append(signs.charAt(random.nextInt(signs.length())));
        if (random.nextInt(3) == 0) {
          text.append(' ');
        }
      }
      if (CronReader.read(text.toString(), null) instanceof Reading.Valid valid) {
        assertThat(CronExpression.isValidExpression(valid.normalized()))
            .as(valid.normalized())
            .isTrue();
        assertThat(CronWords.describe(valid.normalized())).isNotBlank();
        CronTimes.parse(valid.normalized()).next(Instant.EPOCH, ZoneOffset.UTC);
      }
    }
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(20));
  }

  private static String code(String text) {
    return ((Reading.Invalid) CronReader.read(text, null)).code();
  }

  private static List<String> warnings(String text) {
    return ((Reading.Valid) CronReader.read(text, null)).warnings();
  }
}
