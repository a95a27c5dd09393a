package io.carillon.target;

import io.carillon.execution.Answer;
import io.carillon.job.BlindWays;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import org.jspecify.annotations.Nullable;

/**
 * Looks for a regular expression in what is kept of an answer, at most 16 KiB. Java's engine goes
 * back and tries again, for some patterns longer than anybody lives; so the characters that it may
 * look at are counted, and beyond twenty million (about a tenth of a second) nothing was found: of
 * fewer where it may do much between two looks, and none where that has no bound ({@link
 * BlindWays}). The count, unlike a clock, comes to the same everywhere. Pure.
 */
final class BodyMatch {
  private static final int MOST_LOOKS = 20_000_000;
  private static final String TOO_LONG =
      "success.bodyMatches takes too long to look for in its body";

  private BodyMatch() {}

  /** Why the body does not fit, in words that follow "but"; null if it does. */
  static @Nullable String fault(String regex, @Nullable Answer answer) {
    String body = answer == null ? "" : answer.body();
    try {
      Pattern pattern = Pattern.compile(regex);
      int ways = BlindWays.of(regex);
      if (ways > BlindWays.MOST) {
        return TOO_LONG;
      }
      boolean found = pattern.matcher(new Counted(body, new Looks(MOST_LOOKS >> ways))).find();
      return found ? null : "success.bodyMatches is not found in its body";
    } catch (TooMany | StackOverflowError e) {
      return TOO_LONG;
    } catch (PatternSyntaxException e) {
      // It was checked when the job was taken: by another version of Java, perhaps.
      return "success.bodyMatches is not a regular expression here";
    }
  }

  /** More than the pattern is worth. */
  private static final class TooMany extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooMany() {
      super("too many steps", null, false, false);
    }
  }

  /** What is left to look at. One thread. */
  private static final class Looks {
    private int left;

    Looks(int most) {
      this.left = most;
    }

    void take() {
      if (left-- == 0) {
        throw new TooMany();
      }
    }
  }

  /** A text whose characters are counted as they are looked at. */
  private record Counted(CharSequence text, Looks looks) implements CharSequence {
    @Override
    public int length() {
      return text.length();
    }

    @Override
    public char charAt(int index) {
      looks.take();
      return text.charAt(index);
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return new Counted(text.subSequence(start, end), looks);
    }

    @Override
    public String toString() {
      return text.toString();
    }
  }
}
