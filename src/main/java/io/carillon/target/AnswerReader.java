package io.carillon.target;

import io.carillon.execution.Answer;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import okhttp3.MediaType;
import okhttp3.Response;
import okio.Buffer;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;

/**
 * Reads one answer's body: at most 64 KiB after decompression, of which at most 16 KiB (UTF-8) are
 * kept, never ending inside a character. What was read before an error stays readable. For one
 * answer and one thread.
 */
final class AnswerReader {
  static final int MOST_READ = 64 * 1024;
  private static final int STEP = 8 * 1024;

  private final Buffer read = new Buffer();
  private Charset charset = StandardCharsets.UTF_8;
  private boolean complete;

  /**
   * @return whether the body ended within the limit
   */
  boolean read(Response response) throws IOException {
    MediaType type = response.body().contentType();
    charset = type == null ? charset : type.charset(charset);
    BufferedSource source = response.body().source();
    while (read.size() < MOST_READ) {
      if (source.read(read, Math.min(STEP, MOST_READ - read.size())) < 0) {
        complete = true;
        break;
      }
    }
    return complete;
  }

  /** What is kept; null if nothing came. */
  @Nullable Answer answer() {
    if (read.size() == 0) {
      return null;
    }
    String text = read.snapshot().string(charset);
    int end = keptCharacters(text);
    return new Answer(text.substring(0, end), !complete || end < text.length());
  }

  private static int keptCharacters(String text) {
    int bytes = 0;
    int i = 0;
    while (i < text.length()) {
      int c = text.codePointAt(i);
      bytes += c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
      if (bytes > Answer.MOST_BYTES) {
        return i;
      }
      i += Character.charCount(c);
    }
    return i;
  }
}
