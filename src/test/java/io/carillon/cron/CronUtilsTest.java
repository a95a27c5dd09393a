package io.carillon.cron;

import static org.assertj.core.api.Assertions.assertThat;

import com.cronutils.model.CronType;
import com.cronutils.model.definition.CronDefinitionBuilder;
import com.cronutils.model.time.ExecutionTime;
import com.cronutils.parser.CronParser;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * An oracle written by others, where it is right: away from clock changes, steps from the start.
 */
class CronUtilsTest {
  private static final Instant START = Instant.parse("2026-11-21T08:00:30Z");

  /** It does not look over the eight years without a leap day around 2100. */
  private static final Instant END = Instant.parse("2090-01-01T00:00:00Z");

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 12 * * *",
        "*/15 * * * *",
        "12 * * * *",
        "5,35 9-17 * * *",
        "0 0 1 1 *",
        "0 0 29 2 *",
        "0 8 * * 1-5",
        "0 8 * * 0",
        "0 8 * * 7",
        "0 8 1,15 * *",
        "30 4 * 6-8 6",
        "0 12 15 * 1",
        "0 12 1-7 * 1",
        "0 12 13 * 5"
      })
  void unix_texts_mean_the_same_to_cron_utils(String text) {
    compare(text, CronType.UNIX, ZoneOffset.UTC);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0 0 8 * * ?",
        "0 0 12 1 * ?",
        "0 0 9-17 * * ?",
        "0 0/30 * * * ?",
        "0 0 10 ? * MON-FRI",
        "0 0 10 ? * 1-5",
        "0 0 12 L * ?",
        "0 0 12 L-3 * ?",
        "0 0 12 LW * ?",
        "0 0 12 15W * ?",
        "0 0 12 1W * ?",
        "0 0 12 ? * FRI#2",
        "0 0 12 ? * MON#5",
        "0 0 12 ? * 6L",
        "10/20 59 23 31 12 ? 2027-2040",
        "0 0 0 29 2 ?"
      })
  void quartz_texts_mean_the_same_to_cron_utils(String text) {
    compare(text, CronType.QUARTZ, ZoneId.of("Asia/Kolkata"));
  }

  private static void compare(String text, CronType type, ZoneId zone) {
    CronParser parser = new CronParser(CronDefinitionBuilder.instanceDefinitionFor(type));
    ExecutionTime theirs = ExecutionTime.forCron(parser.parse(text));
    Reading.Valid valid = (Reading.Valid) CronReader.read(text, null);
    Rhythm ours = Rhythms.cron(valid.normalized(), zone, DstPolicy.BY_RHYTHM);
    Instant at = START;
    for (int n = 0; n < 40 && at.isBefore(END); n++) {
      Optional<Instant> expected =
          theirs.nextExecution(at.atZone(zone)).map(ZonedDateTime::toInstant);
      assertThat(ours.next(at).map(Tick::at)).as("%s after %s", text, at).isEqualTo(expected);
      if (expected.isEmpty()) {
        return;
      }
      at = expected.get();
    }
  }
}
