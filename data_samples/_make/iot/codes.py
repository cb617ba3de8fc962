"""The two printed codes of the pictures of `iot`: QR (version 3, level M, as on code cards) and EAN-13 (as on cartons)."""
import numpy as np


def square(text):
    "29 × 29 modules, mask 0, up to 42 characters; True is dark"
    exp = [1]
    for _ in range(254): exp.append((exp[-1] << 1) ^ (0x11d if exp[-1] & 128 else 0))
    log = {v: i for i, v in enumerate(exp)}
    def times(a, b): return exp[(log[a] + log[b]) % 255] if a and b else 0
    if len(text) > 42: raise ValueError(f'{text}: more than 42 characters')
    bits = f'0100{len(text):08b}' + ''.join(f'{b:08b}' for b in text.encode('ascii')) + '0000'
    data = [int(bits[i:i + 8], 2) for i in range(0, len(bits), 8)]
    data += [(236, 17)[i % 2] for i in range(44 - len(data))]
    gen = [1]
    for i in range(26): gen = [a ^ times(b, exp[i]) for a, b in zip(gen + [0], [0] + gen)]
    rest = data + [0] * 26
    for i in range(44):
        for j, g in enumerate(gen): rest[i + j] ^= times(rest[i], g) if j else 0
    m, (yy, xx) = np.full((29, 29), -1), np.mgrid[-1:8, -1:8]
    finder = np.isin(np.maximum(abs(yy - 3), abs(xx - 3)), (0, 1, 3)).astype(int)
    for y, x in ((0, 0), (0, 22), (22, 0)):
        for a, b, v in zip(yy.ravel() + y, xx.ravel() + x, finder.ravel()):
            if 0 <= a < 29 and 0 <= b < 29: m[a, b] = v
    m[6, 8:21] = m[8:21, 6] = [1, 0] * 6 + [1]
    m[20:25, 20:25] = np.maximum(*abs(np.mgrid[-2:3, -2:3])) != 1
    for i, b in enumerate(map(int, '101010000010010')):  # level M, mask 0
        y, x = ((8, i), (8, 7), (8, 8), (7, 8))[0 if i < 6 else i - 5] if i < 9 else (14 - i, 8)
        m[y, x] = b
        m[(28 - i, 8) if i < 7 else (8, 14 + i)] = b
    m[21, 8] = 1
    stream = iter([b >> k & 1 for b in data + rest[44:] for k in range(7, -1, -1)] + [0] * 7)
    for i, right in enumerate((28, 26, 24, 22, 20, 18, 16, 14, 12, 10, 8, 5, 3, 1)):
        for y in (range(28, -1, -1) if i % 2 == 0 else range(29)):
            for x in (right, right - 1):
                if m[y, x] < 0: m[y, x] = next(stream) ^ (y + x + 1) % 2
    return m == 1


def stripes(digits):
    "95 stripes of an EAN-13, 1 is dark; the first figure hides in the choice of the left codes"
    check = -sum(int(d) * (1, 3)[i % 2] for i, d in enumerate(digits[:12])) % 10
    if check != int(digits[12]): raise ValueError(f'{digits}: the last figure should be {check}')
    left = '0001101 0011001 0010011 0111101 0100011 0110001 0101111 0111011 0110111 0001011'.split()
    odd = '000000 001011 001101 001110 010011 011001 011100 010101 010110 011010'.split()[int(digits[0])]
    flip = str.maketrans('01', '10')
    first = ''.join(left[int(d)].translate(flip)[::-1] if o == '1' else left[int(d)] for d, o in zip(digits[1:7], odd))
    return '101' + first + '01010' + ''.join(left[int(d)].translate(flip) for d in digits[7:]) + '101'
