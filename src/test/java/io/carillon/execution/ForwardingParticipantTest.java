package io.carillon.execution;

import static org.assertj.core.api.Assertions.assertThatCode;

import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ForwardingParticipantTest {
  private static Stream<Method> methods() {
    return Arrays.stream(StoreParticipant.class.getDeclaredMethods())
        .filter(method -> !method.isSynthetic());
  }

  /** One that has a default and is forgotten would silently switch off what lies behind it. */
  @ParameterizedTest
  @MethodSource("methods")
  void every_method_is_passed_on(Method method) {
    assertThatCode(
            () ->
                ForwardingParticipant.class.getDeclaredMethod(
                    method.getName(), method.getParameterTypes()))
        .doesNotThrowAnyException();
  }
}
