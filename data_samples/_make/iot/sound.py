"""Speech of the pack `iot`: each written sentence spoken once by espeak-ng 1.51, cut, brought to 16 kHz and, for half of them, put into
a kitchen.

Called by `domain.py`. The same bytes need the same espeak-ng: with another version, or none, the audio is left as it is and one line
says so. What is planted: three voices and two noise levels (clean, household at about 10 dB), every pair equally often among commands
and among talk that is no command; file numbers, speed, pitch and loudness are drawn without regard to what is said. Resampling counts
in whole numbers, so that no processor rounds differently."""
import shutil, subprocess, wave
import numpy as np

VERSION, RATE = '1.51', 16000
VOICES, NOISES = ('en-us', 'en-gb+f3', 'en-gb-scotland'), ('clean', 'household')


def installed():
    "The version of espeak-ng, empty where there is none"
    if not shutil.which('espeak-ng'): return ''
    return subprocess.run(['espeak-ng', '--version'], capture_output=True, text=True).stdout.split('text-to-speech: ')[-1].split()[0]


def spoken(text, voice, speed, pitch):
    "What espeak-ng says, without the silence before and after, as whole numbers at its own 22,050 Hz"
    call = ['espeak-ng', '-v', voice, '-s', str(speed), '-p', str(pitch), '--stdout', text]
    out = subprocess.run(call, capture_output=True, check=True).stdout
    x = np.frombuffer(out[44:len(out) - len(out) % 2], '<i2').astype(np.int64)
    loud = np.flatnonzero(np.abs(x) > 330)
    return x[max(0, loud[0] - 400):loud[-1] + 900]


def resampled(x, up=320, down=441, half=24):
    "22,050 Hz to 16 kHz: a windowed sinc in whole numbers, one set of weights for each of the 320 places between two samples"
    t = np.arange(1 - half, half + 1)[None] - np.arange(up)[:, None] / up
    taps = np.round(2 ** 15 * np.sinc(t * up / down * .95) * (up / down * .95) * np.cos(np.pi * t / (2 * half + 1)) ** 2).astype(np.int64)
    at = np.arange(len(x) * up // down) * down
    padded = np.concatenate([np.zeros(half, np.int64), x, np.zeros(half + 1, np.int64)])
    return (padded[(at // up)[:, None] + np.arange(1, 2 * half + 1)[None]] * taps[at % up]).sum(1) >> 15


def pink(n, r):
    "Noise whose power falls with the pitch: rows that change half as often, one after the other, added up"
    rows = [np.repeat(r.normal(size=n // 2 ** k + 2), 2 ** k)[int(r.integers(2 ** k)):][:n] for k in range(12)]
    return sum(rows) / np.sqrt(len(rows))


def kitchen(n, r):
    "An extractor's rush, the hum of the mains with its overtones, and now and then a cup or a spoon"
    t = np.arange(n) / RATE
    rush = pink(n, r) * (1 + .25 * np.sin(2 * np.pi * r.uniform(.3, .9) * t + r.uniform(0, 6)))
    hum = sum(a * np.sin(2 * np.pi * 50 * k * t + r.uniform(0, 6)) for k, a in ((1, .5), (2, .8), (3, .3), (6, .15)))
    clinks = np.zeros(n)
    for start in np.sort(r.integers(0, n, size=int(r.integers(1, 4)))):
        s = np.arange(min(n - start, RATE // 4)) / RATE
        ring = sum(np.sin(2 * np.pi * f * s) * np.exp(-s * d) for f, d in zip(r.uniform(1800, 6200, 4), r.uniform(25, 70, 4)))
        clinks[start:start + len(s)] += r.uniform(.7, 1.6) * ring
    return rush + r.uniform(.3, .9) * hum + clinks


def rms(x): return float(np.sqrt(np.mean(np.square(x, dtype=float))))


def active(x, frame=320):
    "Loudness of speech where there is speech: frames within 30 dB of the loudest"
    power = np.array([np.mean(np.square(x[i:i + frame])) for i in range(0, len(x) - frame, frame)])
    return float(np.sqrt(power[power > power.max() / 1000].mean()))


def mixed(speech, noise, r):
    "Speech with a little room before and after, noise under it; the ratio in dB that was aimed at"
    lead = int(r.integers(1600, 2600))
    x = np.concatenate([np.zeros(lead), speech / active(speech), np.zeros(int(r.integers(1600, 2600)))])
    decibel = r.uniform(8.5, 11.5) if noise == 'household' else r.uniform(44, 50)
    under = kitchen(len(x), r) if noise == 'household' else pink(len(x), r)
    under *= 10 ** (-decibel / 20) / rms(under)
    y = (x + under) * 10 ** (r.uniform(-25, -19) / 20) * 32767
    y *= min(1, 31000 / np.abs(y).max())
    return np.round(y).astype('<i2'), decibel


def saved(path, y):
    with wave.open(str(path), 'wb') as f:
        f.setnchannels(1), f.setsampwidth(2), f.setframerate(RATE)
        f.writeframes(y.tobytes())


def speak(folder, rows, rng):
    "One file a row; prints length, loudness and ratio of each when asked to, or one line when there is nothing to speak with"
    if not (found := installed()).startswith(VERSION):
        return print(f'audio left as it is: espeak-ng {VERSION} is wanted, {found or "none"} is installed')
    folder.mkdir(exist_ok=True)
    for old in folder.glob('a*.wav'): old.unlink()
    table = []
    for row in rows:
        r = rng('audio ' + row['file'])
        speech = resampled(spoken(row['text'], row['voice'], int(r.integers(168, 200)), int(r.integers(40, 61))))
        y, decibel = mixed(speech, row['noise'], r)
        saved(folder.parent / row['file'], y)
        loud, peak = 20 * np.log10(rms(y) / 32767), int(np.abs(y.astype(int)).max())
        table.append((row['file'], row['voice'], row['noise'], len(y) / RATE, loud, decibel, peak))
    return table
