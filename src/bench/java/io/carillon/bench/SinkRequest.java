package io.carillon.bench;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** The little that the target reads of an HTTP/1.1 request at the front of a buffer. Stateless. */
final class SinkRequest {
  private static final String LENGTH = "\r\ncontent-length:";

  private SinkRequest() {}

  /**
   * @return bytes of the first request with its body, or 0 while it is not there as a whole
   */
  static int length(ByteBuffer buffer) {
    byte[] bytes = buffer.array();
    int end = buffer.position();
    for (int i = 3; i < end; i++) {
      if (bytes[i] == '\n' && bytes[i - 2] == '\n') {
        int length = i + 1 + bodyLength(bytes, i);
        return length <= end ? length : 0;
      }
    }
    return 0;
  }

  private static int bodyLength(byte[] bytes, int headEnd) {
    String head =
        new String(bytes, 0, headEnd, StandardCharsets.ISO_8859_1).toLowerCase(Locale.ROOT);
    int at = head.indexOf(LENGTH);
    if (at < 0) {
      return 0;
    }
    int begin = at + LENGTH.length();
    int end = head.indexOf('\r', begin);
    return Integer.parseInt(head.substring(begin, end).strip());
  }

  /** The number that ends the path of the first request. */
  static int number(ByteBuffer buffer) {
    byte[] bytes = buffer.array();
    int at = 0;
    while (bytes[at] != ' ') {
      at++;
    }
    int number = 0;
    for (at++; bytes[at] != ' '; at++) {
      number =
          bytes[at] == '/'
              ? 0
              : bytes[at] >= '0' && bytes[at] <= '9' ? number * 10 + bytes[at] - '0' : 0;
    }
    return number;
  }
}
