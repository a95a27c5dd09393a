package io.carillon.cron;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads cron texts. Five fields are Unix cron; six and seven are Quartz's; macros such as {@code
 * @daily} are Unix's. Never throws for a text, takes well under a millisecond, and answers the first
 * fault it meets. Stateless.
 */
public final class CronReader {
  public static final String UNIX = "UNIX";
  public static final String QUARTZ = "QUARTZ";

  /** As wide as Quartz's column. */
  public static final int LONGEST = 120;

  private static final String EVERY = "@EVERY";
  private static final Map<String, String> MACROS =
      Map.of(
          "@HOURLY", "0 * * * *",
          "@DAILY", "0 0 * * *",
          "@MIDNIGHT", "0 0 * * *",
          "@WEEKLY", "0 0 * * 0",
          "@MONTHLY", "0 0 1 * *",
          "@YEARLY", "0 0 1 1 *",
          "@ANNUALLY", "0 0 1 1 *");

  private CronReader() {}

  /**
   * @param dialect {@link #UNIX} or {@link #QUARTZ} to refuse the other's number of fields; null to
   *     go by that number
   */
  public static Reading read(String text, @Nullable String dialect) {
    try {
      return new Text(text, dialect).read();
    } catch (CronFault e) {
      return e.reading();
    }
  }

  /** One reading under way. */
  private static final class Text {
    private final String folded;
    private final @Nullable String forced;
    private final List<String> warnings = new ArrayList<>();

    Text(String text, @Nullable String forced) {
      if (text.length() > 4 * LONGEST) {
        throw tooLong(text.length());
      }
      this.folded = upperCase(text.strip().replaceAll("[ \\t]+", " "));
      this.forced = forced;
    }

    /** Leaves what is not ASCII as it is: none of it has a meaning, whatever its capital is. */
    private static String upperCase(String text) {
      return text.chars().allMatch(c -> c < 128) ? text.toUpperCase(Locale.ROOT) : text;
    }

    Reading read() {
      if (folded.length() > LONGEST) {
        throw tooLong(folded.length());
      }
      if (forced != null && !forced.equals(UNIX) && !forced.equals(QUARTZ)) {
        throw new CronFault("cron_dialect", "'" + forced + "' is not a dialect: UNIX or QUARTZ");
      }
      if (folded.startsWith(EVERY)) {
        return every(folded.substring(EVERY.length()).strip());
      }
      return fields(folded.startsWith("@") ? macro() : folded);
    }

    private String macro() {
      String fields = MACROS.get(folded);
      if (fields == null) {
        throw new CronFault(
            "cron_macro",
            "'"
                + folded.toLowerCase(Locale.ROOT)
                + "' is not one of @hourly @daily @midnight"
                + " @weekly @monthly @yearly @annually @every");
      }
      if (QUARTZ.equals(forced)) {
        throw new CronFault("cron_dialect", "macros are Unix texts");
      }
      return fields;
    }

    private Reading every(String length) {
      Duration every = Spans.parse(length);
      if (every == null) {
        throw new CronFault("cron_macro", "@every takes a duration such as 1h30m or PT1H30M");
      }
      return new Reading.Every(every);
    }

    private Reading fields(String text) {
      String[] fields = text.split(" ");
      boolean unix = fields.length == 5;
      if (fields.length < 5 || fields.length > 7 || text.isEmpty()) {
        throw new CronFault(
            "cron_fields",
            "a cron text has 5 fields (minute first) or 6 or 7 (second first), not "
                + (text.isEmpty() ? 0 : fields.length));
      }
      String dialect = unix ? UNIX : QUARTZ;
      if (forced != null && !forced.equals(dialect)) {
        throw new CronFault(
            "cron_fields",
            unix
                ? "a Quartz text has 6 or 7 fields, second first; this one has 5"
                : "a Unix text has 5 fields, minute first; this one has " + fields.length);
      }
      List<FieldSet> sets = new ArrayList<>();
      if (unix) {
        sets.add(FieldReader.read(CronField.SECOND, "0", true));
      }
      for (String field : fields) {
        sets.add(FieldReader.read(CronField.values()[sets.size()], field, unix));
      }
      return valid(sets, unix, text, fields[fields.length - (fields.length == 7 ? 2 : 1)]);
    }

    private Reading valid(List<FieldSet> sets, boolean unix, String text, String weekday) {
      List<String> meant = new ArrayList<>();
      for (String normalized : openOneDay(sets, unix)) {
        if (normalized.length() > LONGEST) {
          throw tooLong(normalized.length());
        }
        if (LocalTimes.parse(normalized).firesEver()) {
          meant.add(normalized);
        } else {
          warnings.add("no day of the month ever matches; only the days of the week count");
        }
      }
      if (meant.isEmpty()) {
        throw neverFires();
      }
      String normalized = String.join(CronPattern.OR, meant);
      if (unix && text.indexOf('?') >= 0) {
        warnings.add(questionMark(text, normalized));
      }
      if (!unix && sets.get(5).numbered()) {
        warnings.add(
            "day of week counts from 1 = Sunday in a text of six or seven fields: '"
                + weekday
                + "' is "
                + CronWords.days(sets.get(5)));
      }
      if (weekday.equals("L")) {
        warnings.add("'L' alone as a day of week is Saturday; the last Friday is FRIL");
      }
      return new Reading.Valid(
          normalized, unix ? UNIX : QUARTZ, CronWords.describe(normalized), warnings);
    }

    /** One text, or two that fire when either does. */
    private List<String> openOneDay(List<FieldSet> sets, boolean unix) {
      FieldSet day = sets.get(3);
      FieldSet weekday = sets.get(5);
      if (day.isOpen() && weekday.isOpen()) {
        throw CronFault.of(CronField.DAY_OF_WEEK, "only one of the two day fields can be '?'");
      }
      if (day.isOpen() || weekday.isOpen()) {
        return List.of(said(sets, -1));
      }
      if (weekday.isStar()) {
        return List.of(said(sets, 5));
      }
      if (day.isStar()) {
        return List.of(said(sets, 3));
      }
      if (!unix) {
        throw CronFault.of(
            CronField.DAY_OF_WEEK,
            "a text of six or seven fields can restrict only one of the two day fields; put '?' in"
                + " the other");
      }
      warnings.add(
          "both day fields are restricted: it fires on days that match either, as Unix has it");
      for (FieldSet set : List.of(day, weekday)) {
        if (set.text().startsWith("*/")) {
          warnings.add(
              "'"
                  + set.text()
                  + "' is a restriction here; some crons want both days to match then");
        }
      }
      return List.of(said(sets, 5), said(sets, 3));
    }

    private static String said(List<FieldSet> sets, int open) {
      List<String> fields = new ArrayList<>();
      sets.forEach(set -> fields.add(fields.size() == open ? "?" : set.text()));
      return String.join(" ", fields);
    }

    private static String questionMark(String text, String normalized) {
      String[] fields = text.split(" ");
      String hint =
          fields[0].equals("0") && fields[1].chars().allMatch(c -> c >= '0' && c <= '9')
              ? "; minute " + fields[1] + " of every hour would be '" + fields[1] + " * * * *'"
              : "";
      return "five fields are read as Unix cron, minute first: "
          + CronWords.describe(normalized)
          + hint
          + "; texts with '?' usually have six fields, second first";
    }

    private static CronFault tooLong(int length) {
      return new CronFault(
          "cron_too_long", length + " characters; at most " + LONGEST + " are stored");
    }
  }

  static CronFault neverFires() {
    return new CronFault("cron_never_fires", "no date ever matches this text");
  }
}
