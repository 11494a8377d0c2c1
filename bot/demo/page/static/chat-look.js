// Light, dark, or as the system has it. A plain script in the head rather than a module: the choice must stand before
// anything is painted, and the gallery uses it as it is.

(() => {
  const NAME = "prewarm-look";
  const LOOKS = { system: ["◐", "System"], light: ["☀", "Light"], dark: ["☾", "Dark"] };
  const saved = localStorage.getItem(NAME);
  let look = saved in LOOKS ? saved : "system";

  function apply() {
    if (look === "system") delete document.documentElement.dataset.theme;
    else document.documentElement.dataset.theme = look;
  }

  function name(button) {
    const [sign, word] = LOOKS[look];
    button.querySelector("#look-sign").textContent = sign;
    button.querySelector("#look-word").textContent = word;
    button.setAttribute("aria-label", `Colours: ${word}. Change`);
    button.title = "Colours: as the system, light or dark";
  }

  apply();
  document.addEventListener("DOMContentLoaded", () => {
    const button = document.getElementById("look");
    if (!button) return;
    name(button);
    button.addEventListener("click", () => {
      const names = Object.keys(LOOKS);
      look = names[(names.indexOf(look) + 1) % names.length];
      localStorage.setItem(NAME, look);
      apply();
      name(button);
    });
  });
})();
