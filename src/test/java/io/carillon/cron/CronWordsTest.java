package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class CronWordsTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 30 2,14 * * ?        | at 02:30 and 14:30 every day
          0 0,30 2 * * ?         | at 02:00 and 02:30 every day
          30 15 6 * * ?          | at 06:15:30 every day
          0 0,15,30 8,12 * * ?   | at minutes 0, 15 and 30 in hours 8 and 12
          0 0 8,12,14,16,18 * * ? | at minute 0 in hours 8, 12, 14, 16 and 18
          0 5 9-17 * * ?         | every hour at minute 5 from 09 to 17 o'clock
          0 */15 9-17 * * ?      | every 15 minutes from 09 to 17 o'clock
          0 */7 * * * ?          | at every 7th minute of every hour
          0 5/15 * * * ?         | at every 15th minute from 5 of every hour
          0 0-10,30 * * * ?      | at minutes 0 to 10 and 30 of every hour
          0 0 */2 * * ?          | every 2 hours
          0 30 */6 * * ?         | every 6 hours at minute 30
          0 0 */5 * * ?          | at minute 0 in every 5th hour
          0 0 1/3 * * ?          | at minute 0 in every 3rd hour from 1
          0 * 8 * * ?            | every minute in hour 8
          */10 * * * * ?         | every 10 seconds
          15 * * * * ?           | at second 15 of every minute
          * 5 * * * ?            | every second of minute 5 of every hour
          0,30 0 12 * * ?        | at 12:00 and 12:00:30 every day
          0 0 12 1,15 * ?        | at 12:00 on days 1 and 15 of the month
          0 0 12 1-7 * ?         | at 12:00 on days 1 to 7 of the month
          0 0 12 */2 * ?         | at 12:00 on every 2nd day of the month
          0 0 12 L * ?           | at 12:00 on the last day of the month
          0 0 12 L-1 * ?         | at 12:00 on the day 1 day before the last of the month
          0 0 12 15,L * ?        | at 12:00 on day 15 and the last day of the month
          0 0 12 LW * ?          | at 12:00 on the last weekday (Monday to Friday) of the month
          0 0 12 15W * ?         | at 12:00 on the weekday (Monday to Friday) nearest to day 15 of the month
          0 0 12 ? * FRIL        | at 12:00 on the last Friday of the month
          0 0 12 ? * MON#1       | at 12:00 on the first Monday of the month
          0 0 12 ? * MON,WED     | at 12:00 on Monday and Wednesday
          0 0 12 ? * SAT,SUN     | at 12:00 on Saturday and Sunday
          0 0 12 ? * MON-SUN     | at 12:00 every day
          0 0 12 * 3-5 ?         | at 12:00 every day in March to May
          0 0 12 * 12,1,2 ?      | at 12:00 every day in December to February
          0 0 12 * */3 ?         | at 12:00 every day in January, April, July and October
          0 0 12 * * ? 2027-2030 | at 12:00 every day in 2027 to 2030
          0 0 12 * * ? 2027,2029 | at 12:00 every day in 2027 and 2029
          0 0 12 * * ? 2027/2    | at 12:00 every day in every 2nd year from 2027
          """)
  void every_shape_has_words(String text, String words) {
    Reading.Valid valid = (Reading.Valid) CronReader.read(text, CronReader.QUARTZ);
    assertThat(valid.description()).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          0 12 15 * MON     | at 12:00 on day 15 of the month or on Monday
          */5 * 1,15 6 1-5  | every 5 minutes on days 1 and 15 of the month or on Monday to Friday in June
          """)
  void a_union_is_said_with_both_its_days(String text, String words) {
    Reading.Valid valid = (Reading.Valid) CronReader.read(text, null);
    assertThat(valid.description()).isEqualTo(words);
    assertThat(CronWords.describe(valid.normalized())).isEqualTo(words);
  }

  @ParameterizedTest
  @CsvSource({"every day", "0 12 * * ?", "''", "a b c d e f"})
  void what_is_not_normalized_is_answered_as_it_is(String text) {
    assertThat(CronWords.describe(text)).isEqualTo(text);
  }
}
