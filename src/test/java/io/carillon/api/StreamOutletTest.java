package io.carillon.api;

import static org.assertj.core.api.Assertions.assertThat;

import io.carillon.events.LiveMessage.Beat;
import io.carillon.events.LiveMessage.Welcome;
import jakarta.servlet.ServletOutputStream;
import jakarta.servlet.WriteListener;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.reflect.Proxy;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.EndPoint;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class StreamOutletTest {
  private final Stream stream = new Stream();
  private final List<@Nullable Throwable> sent = new ArrayList<>();
  private final StreamOutlet outlet =
      new StreamOutlet(fake(HttpServletResponse.class, stream), fake(EndPoint.class, new Object()));

  /** Takes everything at once. */
  private static final class Stream extends ServletOutputStream {
    final ByteArrayOutputStream written = new ByteArrayOutputStream();

    @Override
    public boolean isReady() {
      return true;
    }

    @Override
    public void setWriteListener(WriteListener listener) {
      try {
        listener.onWritePossible();
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }

    @Override
    public void write(int b) {
      written.write(b);
    }
  }

  private static <T> T fake(Class<T> type, Object stream) {
    return type.cast(
        Proxy.newProxyInstance(
            type.getClassLoader(),
            new Class<?>[] {type},
            (self, method, arguments) ->
                method.getName().equals("getOutputStream") ? stream : null));
  }

  @Test
  void a_stream_that_failed_while_nothing_happened_is_written_to_no_more() {
    outlet.send(new Welcome(Instant.EPOCH, 1), sent::add);
    assertThat(sent).containsExactly((Throwable) null);
    int length = stream.written.size();
    assertThat(length).isPositive();

    outlet.onError(new IOException("reset"));
    outlet.send(new Beat(2), sent::add);

    assertThat(sent).hasSize(2);
    assertThat(sent.get(1)).isNotNull();
    assertThat(stream.written.size()).isEqualTo(length);
    assertThat(outlet.over()).isCompleted();
  }
}
