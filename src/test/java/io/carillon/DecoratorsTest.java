package io.carillon;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * A class that stands before another of the same port hands everything on: a default method of the
 * port that it forgets would answer for the other, and nothing would tell.
 */
class DecoratorsTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.carillon");

  @Test
  void forget_no_default_method_of_the_port() {
    List<String> forgotten = CLASSES.stream().flatMap(DecoratorsTest::forgotten).sorted().toList();

    assertThat(forgotten).isEmpty();
  }

  private static Stream<String> forgotten(JavaClass made) {
    return made.getAllRawInterfaces().stream()
        .filter(port -> port.getPackageName().startsWith("io.carillon"))
        .filter(port -> !made.getFullName().startsWith(port.getFullName() + "$"))
        .filter(
            port ->
                made.getAllFields().stream()
                    .anyMatch(
                        f ->
                            !f.getModifiers().contains(JavaModifier.STATIC)
                                && f.getRawType().equals(port)))
        .flatMap(port -> missing(made, port));
  }

  private static Stream<String> missing(JavaClass made, JavaClass port) {
    Set<String> handed = new HashSet<>();
    Stream.concat(Stream.of(made), made.getAllRawSuperclasses().stream())
        .flatMap(one -> one.getMethods().stream())
        .map(DecoratorsTest::signature)
        .forEach(handed::add);
    return port.getMethods().stream()
        .filter(method -> !method.getModifiers().contains(JavaModifier.STATIC))
        .filter(method -> !method.getModifiers().contains(JavaModifier.ABSTRACT))
        .filter(method -> !method.getModifiers().contains(JavaModifier.PRIVATE))
        .filter(method -> !method.getName().startsWith("lambda$"))
        .map(DecoratorsTest::signature)
        .filter(signature -> !handed.contains(signature))
        .map(
            signature -> made.getFullName() + " forgets " + port.getSimpleName() + "." + signature);
  }

  private static String signature(JavaMethod method) {
    return method.getName()
        + Arrays.toString(method.getRawParameterTypes().stream().map(JavaClass::getName).toArray());
  }
}
