package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;

import java.text.ParseException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Date;
import java.util.Optional;
import java.util.Random;
import java.util.TimeZone;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.quartz.CronExpression;

/** When an ordinary cron trigger will do. */
class PlainTest {

  @ParameterizedTest
  @CsvSource({
    "0 */30 * * * ?, UTC, true",
    "0 */30 * * * ?, +05:30, true",
    "0 */30 * * * ?, GMT+02:00, true",
    // java.util.TimeZone of Java 17 takes these for GMT, without a word
    "0 */30 * * * ?, UTC+02:00, false",
    "0 */30 * * * ?, UT-02:00, false",
    "0 */30 * * * ?, +05:30:15, false",
    "0 */30 * * * ?, GMT+05:30:15, false",
    "0 */30 * * * ?, Asia/Kolkata, true",
    "0 */30 * * * ?, Europe/Berlin, false",
    "0 30 2 * * ?, Europe/Berlin, false",
    "0 0 12 * * ?, Europe/Berlin, true",
    "0 30 9-17 ? * MON-FRI, America/New_York, true",
    "0 30 1 * * ?, America/New_York, false",
    "0 30 0 * * ?, America/Santiago, false",
    "0 0 12 * * ?, Pacific/Apia, false",
    "0 0 12 * * ?, Africa/Casablanca, false",
    "0 0 12 1 * ? | 0 0 12 ? * MON, UTC, false"
  })
  void a_text_is_plain_where_no_clock_change_touches_it(String text, String zone, boolean plain) {
    assertThat(Rhythms.plain(text, ZoneId.of(zone))).isEqualTo(plain);
  }

  @Test
  void of_a_plain_text_quartz_itself_fires_at_the_same_instants() throws ParseException {
    Random random = new Random(42);
    CronTexts texts = new CronTexts(random);
    int compared = 0;
    while (compared < 1_000) {
      ZoneId zone = ZoneId.of(Golden.ZONES.get(random.nextInt(Golden.ZONES.size())));
      if (CronReader.read(texts.next(), null) instanceof Reading.Valid valid
          && Rhythms.plain(valid.normalized(), zone)) {
        CronExpression quartz = new CronExpression(valid.normalized());
        quartz.setTimeZone(TimeZone.getTimeZone(zone));
        Rhythm rhythm = Rhythms.cron(valid.normalized(), zone, DstPolicy.BY_RHYTHM);
        Instant at = Instant.ofEpochSecond(1_700_000_000L + random.nextInt(1_500_000_000));
        for (int n = 0; n < 5; n++) {
          Date expected = quartz.getTimeAfter(Date.from(at));
          Optional<Tick> actual = rhythm.next(at);
          if (expected == null) {
            break; // Quartz looks a hundred years ahead of today
          }
          assertThat(actual)
              .as("%s in %s after %s", valid.normalized(), zone, at)
              .contains(Tick.of(expected.toInstant()));
          at = expected.toInstant();
        }
        compared++;
      }
    }
  }
}
